"""Pictures of what goes with the share of weights that remain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

from hf_sluice.experiments.reports.curves import draw_curves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from hf_sluice.experiments.reports.curves import Curves

_PANEL_WIDTH, _HEIGHT = 3.7, 3.3  # inches
_LOGARITHMIC_TICKS = (1, 2, 3, 4, 6, 8)  # of each power of ten


def sparsity_panels(panels: Mapping[str, Curves], *, logarithmic: bool) -> Figure:
    """One panel beside the other, the sparsest subnets at the right (Sparse Sharing, Figures 3 and 4).

    Args:
        panels: by what is on their y axes, the lines; x is the share of weights that remain, in per cent.
        logarithmic: whether the x axis is.
    """
    figure = Figure(figsize=(_PANEL_WIDTH * len(panels), _HEIGHT), layout="constrained")
    every = figure.subplots(1, len(panels), sharex=True, squeeze=False)[0]
    for axes, (y, lines) in zip(every, panels.items(), strict=True):
        draw_curves(axes, lines)
        axes.set_xlabel("remaining weights (%)")
        axes.set_ylabel(y)
    if logarithmic:
        _scale(every[0])
    every[0].invert_xaxis()
    if len(next(iter(panels.values()))) > 1:
        drawn = [line for line in every[0].get_lines() if len(line.get_xydata())]
        every[0].legend(handles=drawn, frameon=False, fontsize=9)
    return figure


def _scale(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=_LOGARITHMIC_TICKS))
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
