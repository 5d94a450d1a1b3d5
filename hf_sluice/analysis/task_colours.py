"""The colours by which pictures tell tasks apart."""

from __future__ import annotations

from matplotlib import colormaps

_COLOURS = colormaps["tab10"]


def task_colour(number: int) -> tuple[float, float, float, float]:
    """The colour of a task by its position; they begin again after ten."""
    return _COLOURS(number % _COLOURS.N)
