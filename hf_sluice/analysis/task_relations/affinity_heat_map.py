"""Affinity as a picture: rows are main tasks, columns auxiliary ones, as in the picture of gains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from hf_sluice.analysis.task_relations.affinity import affinity_number, is_decided, power_of_ten, unit_of
from hf_sluice.analysis.task_relations.pair_axes import CHARACTER, HATCHING, OWN_COLOUR, label_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

_CELL = 0.66  # inches
_COLOURS = "RdBu"  # what raises a loss red, what lowers it blue
_DARK = 0.6  # of the scale: on darker cells, the number is white
_OWN_NUMBER = "#6a6a6a"


def affinity_heat_map(affinity: pd.DataFrame, tasks: Sequence[str], title: str | None = None) -> Figure:
    """One cell per pair, coloured and numbered by its affinity, hatched where it is closer to 0 than two errors.

    Tasks with themselves are numbered on grey: their values are of another size.

    Args:
        affinity: as :func:`read_affinity` gives it.
        tasks: in the order of rows and columns.
        title: above the picture; by default it says what the numbers are.
    """
    power = power_of_ten(affinity)
    between = affinity[affinity["main"] != affinity["auxiliary"]]
    limit = (float(between["affinity"].abs().max()) if len(between) else 0.0) or 1.0
    names = CHARACTER * max(map(len, tasks))
    side = _CELL * len(tasks)
    figure = Figure(figsize=(max(side + names + 1.6, 5.0), side + names + 1.2), layout="compressed")
    axes = figure.subplots()
    matrix = between.pivot_table(index="main", columns="auxiliary", values="affinity")
    image = axes.imshow(
        matrix.reindex(index=tasks, columns=tasks).to_numpy(dtype=float) / 10.0**power,
        cmap=_COLOURS,
        norm=Normalize(-limit / 10.0**power, limit / 10.0**power),
    )
    for row, decided in zip(affinity.itertuples(), is_decided(affinity), strict=True):
        corner = tasks.index(row.auxiliary) - 0.5, tasks.index(row.main) - 0.5
        text = affinity_number(row.affinity, power)
        if row.main == row.auxiliary:
            axes.add_patch(Rectangle(corner, 1, 1, facecolor=OWN_COLOUR, edgecolor="none"))
            _write(axes, corner, text, _OWN_NUMBER, OWN_COLOUR)
            continue
        if not decided:
            axes.add_patch(Rectangle(corner, 1, 1, **HATCHING, zorder=1.5))
        colour = "white" if abs(row.affinity) > _DARK * limit else "black"
        _write(axes, corner, text, colour, image.to_rgba(np.asarray(row.affinity / 10.0**power)))
    label_pairs(axes, tasks, _CELL, "auxiliary task: the step", "main task: the loss")
    figure.colorbar(image, ax=axes, aspect=20, pad=0.03).ax.tick_params(labelsize=8)
    figure.suptitle(f"Affinity ({unit_of(power)})" if title is None else title, fontsize=11)
    if not is_decided(between).all():
        patch = Patch(**HATCHING, label="within two standard errors of 0")
        figure.legend(handles=[patch], loc="outside lower right", frameon=False, fontsize=9)
    return figure


def _write(axes: Axes, corner: tuple[float, float], text: str, colour: str, background: Any) -> None:
    """Writes a number into a cell; no hatching behind it."""
    behind = {"facecolor": background, "edgecolor": "none", "pad": 1.0}
    place = corner[0] + 0.5, corner[1] + 0.5
    axes.text(*place, text, ha="center", va="center", fontsize=8.5, color=colour, bbox=behind)
