"""What the pictures of pairs of tasks have in common: rows are main tasks, columns auxiliary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

CHARACTER = 0.09  # inches, of a task's name
OWN_COLOUR = "#ececec"
"""Of the cells of tasks with themselves."""
HATCHING: dict[str, Any] = {"fill": False, "hatch": "////", "edgecolor": "#9a9a9a", "linewidth": 0}
"""Of the cells of pairs that nothing is certain of."""


def label_pairs(axes: Axes, tasks: Sequence[str], cell: float, auxiliary: str, main: str) -> None:
    """Names rows and columns; names that are wider than a cell stand aslant.

    Args:
        axes: of the picture.
        tasks: in the order of rows and columns.
        cell: side of a cell in inches.
        auxiliary: what the columns are.
        main: what the rows are.
    """
    is_long = max(map(len, tasks)) * CHARACTER > cell
    slant: dict[str, Any] = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if is_long else {}
    axes.set_xticks(range(len(tasks)), tasks, fontsize=9, **slant)
    axes.set_yticks(range(len(tasks)), tasks, fontsize=9)
    axes.set_xlabel(auxiliary, fontsize=9)
    axes.set_ylabel(main, fontsize=9)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
