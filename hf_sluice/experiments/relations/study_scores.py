"""What the runs of a study scored, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.task_relations.gains import ALONE
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.relations.study_plan import StudyPlan

_SPLIT = "test"
_COLUMNS = ("task", "auxiliary", "seed", "metric", "score", "run")


@dataclass(frozen=True, eq=False)
class StudyScores:
    """Scores of the runs that are finished.

    Args:
        table: one row per run and task of it: ``task``; ``auxiliary``, the other task, ``""`` for none; ``seed``;
            ``metric``; ``score``, that by which the task is judged, of all test sentences, NaN where it is undefined;
            ``run``, the key.
        runs: ``results.json`` of each run, by key.
        smaller_is_better: the tasks whose score is an error.
    """

    table: pd.DataFrame
    runs: dict[str, dict[str, Any]]
    smaller_is_better: frozenset[str]


def study_scores(plan: StudyPlan) -> StudyScores:
    """Reads what the finished runs scored on the test split, each of which was tested once, at its end.

    Raises:
        ModelFolderError: a run's results are damaged.
    """
    import pandas as pd

    finished = [point for point in plan.points if plan.store.is_finished(point)]
    runs = {point.key: plan.store.folder(point).read_results() for point in finished}
    rows = [row for point in finished for row in _rows(point, runs[point.key])]
    tasks = {task.name: task for run in runs.values() for task in map(Task.from_dict, run["tasks"])}
    errors = frozenset(name for name, task in tasks.items() if not task.metric.larger_is_better)
    return StudyScores(pd.DataFrame(rows, columns=list(_COLUMNS)), runs, errors)


def _rows(point: Point, results: dict[str, Any]) -> Iterator[tuple[str, str, int, str, float | None, str]]:
    scores = results["scores"][results["system"]][_SPLIT]
    tasks = [Task.from_dict(task) for task in results["tasks"]]
    for task in tasks:
        auxiliary = next((other.name for other in tasks if other is not task), ALONE)
        value = main_score(scores, task).value
        yield task.name, auxiliary, point.recipe.seed, str(task.metric), value, point.key
