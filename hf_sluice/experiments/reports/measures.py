"""Which scores a report shows, and of which rows of an experiment's results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ALL_DOMAINS, MACRO_AVERAGE
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Over: TypeAlias = Literal["domains", "sentences"]

METRIC_NAMES = {
    TaskMetric.ACCURACY: "accuracy",
    TaskMetric.SPAN_F1: "span F1",
    TaskMetric.MEAN_SQUARED_ERROR: "mean squared error",
    TaskMetric.SPEARMAN: "Spearman's ρ",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of score.

    Args:
        column: where the results hold it: ``accuracy`` or ``value``.
        metrics: per task what it is.
    """

    column: str
    metrics: dict[str, TaskMetric]

    @property
    def title(self) -> str:
        """``Accuracy``, ``Span F1``, …; one for all where the tasks differ."""
        names = {METRIC_NAMES[metric] for metric in self.metrics.values()}
        name = names.pop() if len(names) == 1 else "scores by which the tasks are judged"
        return name[0].upper() + name[1:]


def measures(results: pd.DataFrame, tasks: Sequence[str], over: Over = "domains") -> list[Measure]:
    """Token accuracy, which the papers report, and the scores by which the tasks are judged where these are others.

    Raises:
        UserError: the results say nothing of a task.
    """
    metrics = {task: TaskMetric(scores_on_test(results, task, over)["metric"].iloc[0]) for task in tasks}
    found = []
    if all(scores_on_test(results, task, over)["accuracy"].notna().any() for task in tasks):
        found.append(Measure("accuracy", dict.fromkeys(tasks, TaskMetric.ACCURACY)))
    if set(metrics.values()) != {TaskMetric.ACCURACY}:
        found.append(Measure("value", metrics))
    return found


def scores_on_test(results: pd.DataFrame, task: str, over: Over = "domains") -> pd.DataFrame:
    """The rows of a task's scores on the test sentences of single domains, or on all test sentences together.

    Raises:
        UserError: there are none.
    """
    wanted, place = ~results["domain"].isin([ALL_DOMAINS, MACRO_AVERAGE]), "per domain"
    if over == "sentences":
        wanted, place = results["domain"] == ALL_DOMAINS, "over all sentences"
    chosen = results[(results["split"] == "test") & wanted]
    of_task = chosen[chosen["task"] == task]
    if of_task.empty:
        tasks = ", ".join(dict.fromkeys(chosen["task"])) or "none"
        raise UserError(f"report: no test scores of task {task!r} {place}; there are those of {tasks}")
    return of_task
