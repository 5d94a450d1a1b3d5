"""The scores of runs on all test sentences, in per cent, so that tasks can be averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.measures import METRIC_NAMES, scores_on_test
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterable


def shares_by_run(results: pd.DataFrame, tasks: Iterable[str]) -> pd.DataFrame:
    """One row per run (its key) and one column per task, NaN for what is missing.

    Args:
        results: of the experiment.
        tasks: whose scores are shares of what is right.

    Raises:
        UserError: there are no scores of a task, or they are no shares.
    """
    columns = {}
    for task in tasks:
        scores = scores_on_test(results, task, "sentences")
        metric = TaskMetric(scores["metric"].iloc[0])
        if not metric.is_share:
            raise UserError(
                f"report: {METRIC_NAMES[metric]} of task {task!r} cannot be averaged with other tasks' scores"
            )
        once = scores.drop_duplicates("run")  # two points of a grid may be one run
        columns[task] = 100 * once.set_index("run")["value"].astype(float)
    return pd.DataFrame(columns)
