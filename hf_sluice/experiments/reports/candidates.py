"""The subnets that searches came by: development score against sparsity (Sparse Sharing, Figure 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.reports.curves import curves, spread
from hf_sluice.experiments.reports.measures import METRIC_NAMES, scores_on_test
from hf_sluice.experiments.reports.sparsity_panels import sparsity_panels
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.experiments.reports.curves import Curves
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord

_MEANING = (
    "Each subnet's development score at the end of its round of the search, before subnets are trained in parallel; "
    "shares in per cent, mean ± sample standard deviation over seeds."
)
_WITHOUT = " Random masks are drawn after a search, not found by one: they are not among these subnets."
_COLUMNS = ("line", "seed", "task", "round", "sparsity", "score")


def add_candidates(
    document: Document,
    lines: Mapping[str, Sequence[RunRecord]],
    tasks: Sequence[str],
    seeds: Sequence[int],
    results: pd.DataFrame,
    *,
    logarithmic: bool,
) -> bool:
    """Adds table and picture, and says whether there were any candidates.

    Args:
        document: where to.
        lines: the runs of each kind of search, of which those of one seed have the same search.
        tasks: whose searches.
        seeds: of the experiment.
        results: of the experiment, which say by what the tasks are judged.
        logarithmic: whether sparsity is drawn so.

    Raises:
        UserError: the results say nothing of a task.
    """
    metrics = {task: TaskMetric(scores_on_test(results, task, "sentences")["metric"].iloc[0]) for task in tasks}
    scores = pd.DataFrame(_scores(lines, metrics), columns=_COLUMNS)
    if scores.empty:
        return False
    document.heading("Development score of each subnet")
    document.paragraph(
        _MEANING + _WITHOUT * any(not _is_searched(run) for of_line in lines.values() for run in of_line)
    )
    panels = {f"{task}: {_unit(metric)}": _curves(scores, task, list(lines), seeds) for task, metric in metrics.items()}
    figure = sparsity_panels(panels, logarithmic=logarithmic)
    document.picture(figure, "candidates", "development score of each task over the share of weights that remain")
    document.table(_table(scores, metrics, seeds))
    return True


def _scores(
    lines: Mapping[str, Sequence[RunRecord]], metrics: Mapping[str, TaskMetric]
) -> Iterator[tuple[str, int, str, int, float, float]]:
    for line, records in lines.items():
        for record in records:
            candidates = record.search.candidates if record.search is not None and _is_searched(record) else {}
            for task, metric in metrics.items():
                scale = 100 if metric.is_share else 1
                for one in candidates.get(task, ()):
                    if one.value is not None:
                        yield line, record.seed, task, one.round, 100 * one.sparsity, scale * one.value


def _is_searched(record: RunRecord) -> bool:
    """Whether the candidates on record are subnets of the run's own kind."""
    return (record.recipe.get("masks") or {}).get("method") != "random"


def _curves(scores: pd.DataFrame, task: str, lines: Sequence[str], seeds: Sequence[int]) -> Curves:
    """Lines over the per cent of weights that remain, in the mean over seeds."""
    found = scores[scores["task"] == task]
    remaining = found.groupby(["line", "round"])["sparsity"].mean()
    by_round = curves(found, "line", "round", "score", lines, seeds)
    return {name: of.set_axis([remaining[name, number] for number in of.index]) for name, of in by_round.items()}


def _table(scores: pd.DataFrame, metrics: Mapping[str, TaskMetric], seeds: Sequence[int]) -> TextTable:
    """One row per kind of search and round."""
    rows = []
    for (line, number), found in scores.groupby(["line", "round"], sort=False):
        by_seed = found.pivot_table(index="seed", columns="task", values="score").reindex(index=seeds)
        cells = [spread(by_seed[task], _digits(metrics[task]), len(seeds)) if task in by_seed else NOTHING
                 for task in metrics]  # fmt: skip
        rows.append((str(line), str(number), f"{found['sparsity'].mean():.1f}", *cells))
    heads = (f"{task} ({METRIC_NAMES[metric]})" for task, metric in metrics.items())
    return TextTable("Subnets", ("search", "rounds", "remaining (%)", *heads), tuple(rows), num_names=1)


def _digits(metric: TaskMetric) -> int:
    return 2 if metric.is_share else 4


def _unit(metric: TaskMetric) -> str:
    return METRIC_NAMES[metric] + (" (%)" if metric.is_share else "")
