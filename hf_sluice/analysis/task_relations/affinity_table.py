"""Affinity as text: rows are main tasks, columns auxiliary ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.affinity import affinity_number, is_decided, power_of_ten, unit_of
from hf_sluice.analysis.task_relations.short_names import short_names
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_WIDTH = 7  # of a column's name


def affinity_table(affinity: pd.DataFrame, tasks: Sequence[str]) -> TextTable:
    """The matrix of affinities, ``?`` after those closer to 0 than two standard errors.

    Args:
        affinity: as :func:`read_affinity` gives it.
        tasks: in the order of rows and columns; names of columns are shortened.
    """
    power = power_of_ten(affinity)
    cells = {
        (row.main, row.auxiliary): affinity_number(row.affinity, power) + (" " if decided else "?")
        for row, decided in zip(affinity.itertuples(), is_decided(affinity), strict=True)
    }
    rows = tuple((main, *(cells.get((main, auxiliary), f"{NOTHING} ") for auxiliary in tasks)) for main in tasks)
    title = f"Affinity in {unit_of(power)}: fall of the row's loss by a step on the column's task (? undecided)"
    return TextTable(title, ("main", *short_names(tasks, _WIDTH).values()), rows, num_names=1)
