"""Gain against the overlap of masks, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from hf_sluice.experiments.reports.curves import STYLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from hf_sluice.experiments.reports.sparse_settings import PublishedPair

_GREY = "#888888"


def overlap_figure(
    overlaps: pd.DataFrame, gains: pd.DataFrame, published: Mapping[str, PublishedPair], y: str
) -> Figure:
    """One point per pair of tasks and system: means, with the standard deviations over seeds as bars.

    Args:
        overlaps: index (pair, seed), one column per system.
        gains: the same.
        published: by pair what a paper found.
        y: what is on the y axis.
    """
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    axes.axhline(0.0, color=_GREY, linewidth=0.8, linestyle="--", zorder=1)
    for number, system in enumerate(gains):
        _draw(axes, str(system), overlaps[system], gains[system], number)
    if published:
        x, of_paper = [pair.overlap for pair in published.values()], [pair.gain for pair in published.values()]
        axes.plot(x, of_paper, "o", color=_GREY, fillstyle="none", label="published", zorder=2)
        for name, pair in published.items():
            _name(axes, name, pair.overlap, pair.gain, _GREY)
    axes.margins(0.18)
    axes.set_xlabel("overlap ratio of the two tasks' masks")
    axes.set_ylabel(y)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return figure


def _draw(axes: Axes, system: str, overlap: pd.Series, gain: pd.Series, number: int) -> None:
    colour, marker = STYLES[number % len(STYLES)]
    pairs = pd.DataFrame({"x": overlap, "y": gain}).groupby(level="pair", sort=False)
    mean = pairs.mean().dropna()
    deviation = pairs.std().loc[mean.index].fillna(0.0)
    axes.errorbar(mean["x"], mean["y"], xerr=deviation["x"], yerr=deviation["y"], fmt=marker, color=colour,
                  markersize=6, elinewidth=0.9, capsize=2.5, label=system, zorder=3)  # fmt: skip
    for pair, place in mean.iterrows():
        _name(axes, str(pair), place["x"], place["y"], colour, below=bool(number % 2))


def _name(axes: Axes, pair: str, x: float, y: float, colour: str, *, below: bool = False) -> None:
    axes.annotate(pair, (x, y), xytext=(5, -11 if below else 5), textcoords="offset points", fontsize=8, color=colour)
