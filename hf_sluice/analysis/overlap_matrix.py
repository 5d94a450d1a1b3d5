"""Overlap ratios of tasks' masks as a picture: a heat map, tasks by tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from hf_sluice.analysis.figure_numbers import two_decimals
from hf_sluice.analysis.mask_tables import overlaps_by_pair

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

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
    of_all = f"; of all tasks: {two_decimals(values['overlap'])}" if len(ratios) > 2 else ""  # noqa: PLR2004 - a pair
    return overlap_heat_map(matrix, tasks, tasks, f"Overlap ratios{of_all}")


def overlap_heat_map(matrix: NDArray[np.float64], rows: Sequence[str], columns: Sequence[str], title: str) -> Figure:
    """Overlap ratios as a heat map, the values written in the cells.

    Args:
        matrix: from 0 to 1, NaN where there is none.
        rows: their names.
        columns: likewise.
        title: above it.
    """
    longest = _CHARACTER * max(map(len, columns))
    names = _CHARACTER * max(map(len, rows))
    size = (_CELL * len(columns) + names + 1.6, _CELL * len(rows) + longest + 0.8)
    figure = Figure(figsize=size, layout="compressed")
    axes = figure.subplots()
    image = axes.imshow(matrix, cmap=_COLOURS, vmin=0, vmax=1)
    for (row, column), ratio in np.ndenumerate(matrix):
        if not np.isnan(ratio):
            colour = "white" if ratio > _DARK else "black"
            axes.text(column, row, two_decimals(ratio), ha="center", va="center", fontsize=9, color=colour)
    slant: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if longest > _CELL else {}
    axes.set_xticks(range(len(columns)), columns, fontsize=9, **slant)
    axes.set_yticks(range(len(rows)), rows, fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    figure.colorbar(image, ax=axes, aspect=18, pad=0.03).ax.tick_params(labelsize=8)
    figure.suptitle(title, fontsize=11)
    return figure
