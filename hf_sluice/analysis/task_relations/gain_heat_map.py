"""Gains as a picture (Bingel & Søgaard 2017, Figure 1): rows are main tasks, columns auxiliary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from hf_sluice.analysis.task_relations.gain_numbers import gain_number
from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.pair_axes import CHARACTER, HATCHING, OWN_COLOUR, label_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_CELL = 0.62  # inches
_COLOURS = "RdBu"  # losses red, gains blue
_STRONGEST = 90  # of the absolute gains, in per cent: what lies beyond has the colour of this quantile
_LEAST_LIMIT = 1.0  # per cent: changes that are all tiny are to look tiny
_DARK = 0.6  # of the scale: on darker cells, the number is white


def gain_heat_map(
    gains: pd.DataFrame, tasks: Sequence[str], title: str = "Gain over the task alone, per cent"
) -> Figure:
    """One cell per pair, coloured and numbered by its gain, hatched where it is undecided, empty where there is none.

    Args:
        gains: columns ``main``, ``auxiliary``, ``gain``, ``verdict``, as :class:`Gains` has them.
        tasks: in the order of rows and columns.
        title: above the picture.
    """
    names = CHARACTER * max(map(len, tasks))
    side = _CELL * len(tasks)
    figure = Figure(figsize=(side + names + 1.7, side + names + 1.2), layout="compressed")
    axes = figure.subplots()
    limit = _limit(gains)
    matrix = gains.pivot_table(index="main", columns="auxiliary", values="gain").reindex(index=tasks, columns=tasks)
    image = axes.imshow(matrix.to_numpy(dtype=float), cmap=_COLOURS, norm=Normalize(-limit, limit))
    for row in gains.itertuples():
        place = tasks.index(row.auxiliary), tasks.index(row.main)
        behind = {"facecolor": image.to_rgba(np.asarray(row.gain)), "edgecolor": "none", "pad": 1.0}
        colour = "white" if abs(row.gain) > _DARK * limit else "black"
        axes.text(*place, gain_number(row.gain), ha="center", va="center", fontsize=8.5, color=colour, bbox=behind)
        if row.verdict == Verdict.UNDECIDED:
            corner = place[0] - 0.5, place[1] - 0.5
            axes.add_patch(Rectangle(corner, 1, 1, **HATCHING, zorder=1.5))
    label_pairs(axes, tasks, _CELL, "auxiliary task", "main task")
    for number in range(len(tasks)):
        axes.add_patch(Rectangle((number - 0.5, number - 0.5), 1, 1, facecolor=OWN_COLOUR, edgecolor="none"))
    is_capped = bool(len(gains)) and float(gains["gain"].abs().max()) > limit
    bar = figure.colorbar(image, ax=axes, aspect=20, pad=0.03, extend="both" if is_capped else "neither")
    bar.ax.tick_params(labelsize=8)
    figure.suptitle(title, fontsize=11)
    if (gains["verdict"] == Verdict.UNDECIDED).any():
        patch = Patch(**HATCHING, label="undecided")
        figure.legend(handles=[patch], loc="outside lower right", frameon=False, fontsize=9)
    return figure


def _limit(gains: pd.DataFrame) -> float:
    """Where the scale of colours ends on both sides: one outlier should not leave all others white."""
    if not len(gains):
        return _LEAST_LIMIT
    return max(_LEAST_LIMIT, float(np.percentile(gains["gain"].abs(), _STRONGEST)))
