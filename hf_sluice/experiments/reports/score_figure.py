"""Systems' figures as a picture: mean and standard deviation, and below them every seed a dot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from hf_sluice.experiments.reports.blocks import AVERAGE
from hf_sluice.experiments.reports.measures import METRIC_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from hf_sluice.experiments.reports.blocks import Block

_PANEL_WIDTH, _ROW_HEIGHT, _MARGINS = 3.4, 0.36, 1.1  # inches
_BELOW = 0.22  # of a line's height: where the seeds' dots are, so that the mean does not hide them
_DARK, _LIGHT = "#0b5394", "#9fc5e8"


def score_figure(blocks: Sequence[Block]) -> Figure:
    """One panel per block's summary column, one line per system, the first at the top."""
    panels = [(block, column) for block in blocks for column in block.summary]
    rows = blocks[0].rows
    size = (1.2 + _PANEL_WIDTH * len(panels), _MARGINS + _ROW_HEIGHT * len(rows))
    figure = Figure(figsize=size, layout="constrained")
    every = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (block, column) in zip(every, panels, strict=True):
        _draw(axes, block, column)
        axes.set_title(block.title if len(block.summary) == 1 else column, fontsize=10)
    every[0].set_yticks(range(len(rows)), rows)
    every[0].set_ylim(len(rows) - 0.5, -0.5)
    return figure


def _draw(axes: Axes, block: Block, column: str) -> None:
    metric = block.metric(column)
    scale, unit = (100, " (%)") if metric.is_share else (1, "")
    for place, row in enumerate(block.rows):
        values = scale * np.array(block.values(row, column))
        axes.plot(values, np.full(len(values), place + _BELOW), "o", color=_LIGHT, markersize=4, zorder=2)
        if len(values):
            spread = values.std(ddof=1) if len(values) > 1 else None
            axes.errorbar(values.mean(), place, xerr=spread, fmt="D", color=_DARK, markersize=5, capsize=3, zorder=3)
    axes.set_xlabel(("mean of scores" if column == AVERAGE and block.is_mixed else METRIC_NAMES[metric]) + unit)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
