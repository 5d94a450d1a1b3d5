"""Learning curves out of files: the metrics of a run, or a table that another program left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.analysis.task_relations.curves import CurveError, LearningCurve, ScoreCurve
from hf_sluice.analysis.task_relations.table_file import numbers, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray


def curve_from_metrics(path: Path, task: str, budget: int | None = None) -> LearningCurve:
    """A task's losses in ``metrics.jsonl`` of a run, as ``training.log_steps`` has them written.

    Args:
        path: the file.
        task: name; steps at which nothing of it was trained are left out.
        budget: steps of the whole training; None for a training that ended with the last loss on record.

    Raises:
        CurveError: no such file, no losses of the task, or no curve.
    """
    points = [(step, losses[task]) for step, losses in _events(path, "loss", "losses") if losses.get(task) is not None]
    if not points:
        raise CurveError(f"{path}: no losses of task {task!r}; train with training.log_steps set to write them")
    steps_N, losses_N = np.array(points, dtype=np.float64).T
    return LearningCurve(task, steps_N.astype(np.int64), losses_N, budget or _last(steps_N))


def score_curve_from_metrics(path: Path, task: str, budget: int | None = None) -> ScoreCurve:
    """A task's development scores in ``metrics.jsonl`` of a run, one per epoch.

    Args:
        path: the file.
        task: name.
        budget: steps of the whole training; None for a training that ended with the last score on record.

    Raises:
        CurveError: no such file, no scores of the task, or no curve.
    """
    found = _events(path, "epoch", "validation")
    points = [(step, scores[task]) for step, scores in found if scores.get(task) is not None]
    if not points:
        raise CurveError(f"{path}: no development scores of task {task!r}; its run should have finished an epoch")
    steps_N, scores_N = np.array(points, dtype=np.float64).T
    return ScoreCurve(task, steps_N.astype(np.int64), scores_N, budget or _last(steps_N))


def curves_from_table(path: Path, budget: int | None = None) -> dict[str, LearningCurve]:
    """Curves in a table of any program: CSV, TSV or parquet.

    Args:
        path: the file, with the columns ``step`` and ``loss`` and, if it holds several tasks, ``task``.
        budget: steps of the whole training; None where each curve's last step is its end.

    Returns:
        Per task its curve; without a column ``task`` the one is named as the file.

    Raises:
        DataError: no such file, or no such table.
        CurveError: a curve that cannot be one.
    """
    table = read_table(path, ("step", "loss"))
    for column in ("step", "loss"):
        table[column] = numbers(path, table, column)
    if "task" not in table:
        table["task"] = path.stem
    return {str(task): _curve(path, str(task), rows, budget) for task, rows in table.groupby("task", sort=False)}


def _curve(path: Path, task: str, rows: pd.DataFrame, budget: int | None) -> LearningCurve:
    steps_N, losses_N = rows["step"].to_numpy(dtype=float), rows["loss"].to_numpy(dtype=float)
    try:
        return LearningCurve(task, steps_N, losses_N, budget or _last(steps_N))
    except CurveError as error:
        raise CurveError(f"{path}: {error}") from None


def _last(steps_N: NDArray[np.float64]) -> int:
    """The budget of a training that ended with the last step on record; unordered steps are told of elsewhere."""
    return max(1, int(np.nan_to_num(steps_N, posinf=0, neginf=0).max()))


def _events(path: Path, event: str, field: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Step and field of each event of a kind; a last line that a crash cut off is left out."""
    try:
        *lines, _cut_off = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CurveError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})") from None
    for number, line in enumerate(lines, 1):
        try:
            found = json.loads(line)
            if found["event"] == event:
                yield int(found["step"]), dict(found[field])
        except (ValueError, TypeError, KeyError):
            raise CurveError(f"{path}:{number}: should be an event of a run, as JSON with event and step") from None
