"""Overlap ratios of tasks' masks as a picture: a heat map, tasks by tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from hf_sluice.analysis.figure_numbers import two_decimals
from hf_sluice.analysis.mask_tables import overlaps_by_pair

if TYPE_CHECKING:
    from collections.abc import Mapping

_CELL, _CHARACTER = 0.72, 0.085  # inches
_COLOURS = "Blues"
_DARK = 0.6  # on darker cells, the number is white


def overlap_matrix(values: Mapping[str, Any]) -> Figure:
    """The overlap ratio of every two tasks (Sun et al. 2020, equation 4), that of all tasks in the title.

    Args:
        values: ``masks`` of a run's results, of at least two tasks.
    """
    tasks = list(values["sparsity"])
    ratios = overlaps_by_pair(values)
    matrix = np.array([[ratios.get((one, other), 1.0) for other in tasks] for one in tasks])
    names = _CHARACTER * max(map(len, tasks))
    side = _CELL * len(tasks)
    figure = Figure(figsize=(side + names + 1.6, side + names + 0.8), layout="compressed")
    axes = figure.subplots()
    image = axes.imshow(matrix, cmap=_COLOURS, vmin=0, vmax=1)
    for (row, column), ratio in np.ndenumerate(matrix):
        colour = "white" if ratio > _DARK else "black"
        axes.text(column, row, two_decimals(ratio), ha="center", va="center", fontsize=9, color=colour)
    is_long = max(map(len, tasks)) * _CHARACTER > _CELL
    slant: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if is_long else {}
    axes.set_xticks(range(len(tasks)), tasks, fontsize=9, **slant)
    axes.set_yticks(range(len(tasks)), tasks, fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, aspect=18, pad=0.03).ax.tick_params(labelsize=8)
    of_all = f"; of all tasks: {two_decimals(values['overlap'])}" if len(ratios) > 2 else ""  # noqa: PLR2004 - a pair
    figure.suptitle(f"Overlap ratios{of_all}", fontsize=11)
    return figure
