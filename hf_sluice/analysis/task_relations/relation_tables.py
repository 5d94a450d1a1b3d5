"""Tables of task features and of gains, as users have them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.table_file import numbers, read_table
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

TASK = "task"
GAIN_COLUMNS = ("main", "auxiliary", "gain", "spread", "seeds", "verdict")
_NEEDED = GAIN_COLUMNS[:3]


def read_features(path: Path) -> pd.DataFrame:
    """Features of tasks from a file with a column ``task`` and one per feature; empty for what is not known.

    Raises:
        DataError: the file is no such table.
    """
    table = read_table(path, [TASK] if path.suffix != ".parquet" else [])
    if TASK not in table:  # parquet keeps the index
        if table.index.name != TASK:
            raise DataError(path, None, f"there is no column or index {TASK!r}")
        table = table.reset_index()
    for column in table.columns.drop(TASK):
        table[column] = numbers(path, table, column)
    with _names(path):
        return checked_features(table)


def read_gains(path: Path, tasks: Sequence[str]) -> pd.DataFrame:
    """Gains of pairs from a file with the columns ``main``, ``auxiliary`` and ``gain``.

    Args:
        path: the file; its columns ``spread``, ``seeds`` and ``verdict`` are read where it has them.
        tasks: those that there are.

    Raises:
        DataError: the file is no such table, or names another task.
    """
    table = read_table(path, _NEEDED)
    for column in {"gain", "spread", "seeds"} & {*table.columns}:
        table[column] = numbers(path, table, column)
    with _names(path):
        return checked_gains(table, tasks)


def checked_features(table: pd.DataFrame) -> pd.DataFrame:
    """Features of tasks with the tasks as index, floats, and NaN for what is not known.

    Raises:
        UserError: fewer than two tasks, a task twice, or a feature that is no number.
    """
    table = table.set_index(TASK) if TASK in table else table.copy()
    table.index = table.index.map(str).rename(TASK)
    if not table.index.is_unique:
        raise UserError(f"features: task {table.index[table.index.duplicated()][0]!r} stands there twice")
    if len(table) < 2:  # noqa: PLR2004 - a pair
        raise UserError(f"features: {len(table)} task is too few; relations are between at least two")
    try:
        table = table.astype(float)
    except (TypeError, ValueError) as error:
        raise UserError(f"features: should be numbers ({error})") from None
    infinite = np.isinf(table).to_numpy().nonzero()
    if len(infinite[0]):
        task, name = table.index[infinite[0][0]], table.columns[infinite[1][0]]
        raise UserError(f"features: {name} of task {task!r} should be a finite number")
    return table


def checked_gains(table: pd.DataFrame, tasks: Sequence[str]) -> pd.DataFrame:
    """Gains of pairs with the columns ``main``, ``auxiliary``, ``gain``, ``spread``, ``seeds`` and ``verdict``.

    Raises:
        UserError: a column is missing, a pair stands there twice or is of unknown or equal tasks, a gain is no number,
            or a verdict none.
    """
    for column in _NEEDED:
        if column not in table:
            raise UserError(f"gains: there is no column {column!r}; there is {', '.join(map(str, table.columns))}")
    table = table.reset_index(drop=True).assign(main=table["main"].map(str), auxiliary=table["auxiliary"].map(str))
    table = table.assign(gain=table["gain"].astype(float))
    _check_pairs(table, tasks)
    signs = np.where(table["gain"] > 0, Verdict.GAIN.value, Verdict.LOSS.value)  # as in the paper, 0 is none
    table = table.assign(
        spread=table["spread"].astype(float) if "spread" in table else np.nan,
        seeds=table["seeds"].astype(int) if "seeds" in table else 1,
        verdict=table["verdict"].map(str) if "verdict" in table else signs,
    )
    wrong = set(table["verdict"]) - set(Verdict)
    if wrong:
        raise UserError(f"gains: verdict {min(wrong)!r} should be one of {', '.join(Verdict)}")
    return table[list(GAIN_COLUMNS)]


def _check_pairs(table: pd.DataFrame, tasks: Sequence[str]) -> None:
    pairs = list(zip(table["main"], table["auxiliary"], strict=True))
    for (main, auxiliary), gain in zip(pairs, table["gain"], strict=True):
        for task in (main, auxiliary):
            if task not in tasks:
                raise UserError(f"gains: there are no features of task {task!r}; there are those of {', '.join(tasks)}")
        if main == auxiliary:
            raise UserError(f"gains: {main!r} is its own auxiliary task")
        if not np.isfinite(gain):
            raise UserError(f"gains: that of {main!r} with {auxiliary!r} is {gain}; it should be a finite number")
    if len(set(pairs)) < len(pairs):
        twice = next(pair for pair in pairs if pairs.count(pair) > 1)
        raise UserError(f"gains: {twice[0]!r} with {twice[1]!r} stands there twice")


@contextmanager
def _names(path: Path) -> Iterator[None]:
    """Has what is wrong with a table name its file."""
    try:
        yield
    except UserError as error:
        raise DataError(path, None, str(error)) from None
