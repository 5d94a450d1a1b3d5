"""How sparse the masks of systems are, and how much they overlap (Sparse Sharing, Table 4 and equation 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.reports.curves import spread
from hf_sluice.experiments.reports.settings import OVERLAP, SPARSITY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.experiments.reports.records import RunRecord

    Rows = Mapping[str, Sequence[RunRecord]]
    Measured = dict[str, pd.DataFrame]
    """Per row that has masks a table with a line per seed, NaN where a run is missing."""

ALL_TASKS = "all"


def sparsities(rows: Rows, seeds: Sequence[int]) -> Measured:
    """Per cent of the masked weights that remain, one column per task."""
    return _with_masks({row: _by_seed(_sparsities(records), seeds) for row, records in rows.items()})


def overlaps(rows: Rows, seeds: Sequence[int]) -> Measured:
    """Overlap ratios, 0 to 1, one column per pair of tasks (``pos & ner``), and of more than two tasks ``all``."""
    return _with_masks({row: _by_seed(_overlaps(records), seeds) for row, records in rows.items()})


def sparsity_table(measured: Measured, rows: Rows, tasks: Sequence[str]) -> TextTable:
    """Share of weights remaining, and the round of the subnet that was chosen, seed by seed."""
    cells = []
    for row, table in measured.items():
        rounds = _rounds(rows[row])
        of_tasks = ((_cell(table, task, 2), rounds.get(task, NOTHING)) for task in tasks)
        cells.append((row, *(cell for pair in of_tasks for cell in pair)))
    heads = (head for task in tasks for head in (task, f"{task}: rounds"))
    title = f"{SPARSITY}: per cent of the weights that remain, and the rounds of pruning of each seed's subnet"
    return TextTable(title, ("", *heads), tuple(cells), num_names=1)


def overlap_table(measured: Measured) -> TextTable:
    """Overlap ratios of pairs of tasks and of all tasks."""
    columns = list(dict.fromkeys(column for table in measured.values() for column in table))
    columns.sort(key=lambda column: column == ALL_TASKS)  # the last
    cells = tuple((row, *(_cell(table, column, 3) for column in columns)) for row, table in measured.items())
    title = f"{OVERLAP}: weights in the masks of both (all) tasks over weights in either (any)"
    return TextTable(title, ("", *columns), cells, num_names=1)


def _with_masks(measured: Measured) -> Measured:
    return {row: table for row, table in measured.items() if not table.empty}


def _sparsities(records: Sequence[RunRecord]) -> Iterator[tuple[int, str, float]]:
    for record in records:
        if record.masks is not None:
            for task, share in record.masks.sparsity.items():
                yield record.seed, task, 100 * share


def _overlaps(records: Sequence[RunRecord]) -> Iterator[tuple[int, str, float]]:
    for record in records:
        if record.masks is not None and record.masks.pairs:
            for first, second, ratio in record.masks.pairs:
                yield record.seed, f"{first} & {second}", ratio
            if len(record.masks.sparsity) > 2:  # noqa: PLR2004 - of two, it is the pair's
                yield record.seed, ALL_TASKS, record.masks.overlap


def _by_seed(values: Iterator[tuple[int, str, float]], seeds: Sequence[int]) -> pd.DataFrame:
    found = pd.DataFrame(list(values), columns=["seed", "column", "value"])
    names = list(dict.fromkeys(found["column"]))
    if not names:
        return pd.DataFrame()
    return found.pivot_table(index="seed", columns="column", values="value").reindex(index=seeds)[names]


def _cell(table: pd.DataFrame, column: str, digits: int) -> str:
    return spread(table[column], digits, len(table)) if column in table else NOTHING


def _rounds(records: Sequence[RunRecord]) -> dict[str, str]:
    """Per task the round of the chosen subnet of each seed."""
    rounds: dict[str, dict[int, int]] = {}
    for record in records:
        if record.search is not None:
            for task, number in record.search.chosen_round.items():
                rounds.setdefault(task, {})[record.seed] = number
    return {task: ", ".join(str(of_seed[seed]) for seed in sorted(of_seed)) for task, of_seed in rounds.items()}
