"""From the results of an experiment to the blocks of its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.blocks import Block
from hf_sluice.experiments.reports.measures import scores_on_test

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.measures import Measure
    from hf_sluice.experiments.reports.settings import AblationReport, DomainsReport, TasksReport

IN_DOMAIN, OUT_OF_DOMAIN = "In-domain", "Out-of-domain"


def domain_blocks(
    experiment: Experiment, settings: DomainsReport | AblationReport, results: pd.DataFrame, measure: Measure
) -> list[Block]:
    """One block of the domains trained on, and one of the others; columns are the domains tested on.

    A figure out of domain is the mean over the runs that were trained on other domains.

    Raises:
        UserError: the results say nothing of the main task.
    """
    rows = settings.systems(experiment.axes)
    found = scores_on_test(results, settings.main_task).rename(columns={settings.system_axis: "row"})
    sources = [""]
    if settings.source_axis is None:
        found = found.assign(source="")
    else:
        found = found.rename(columns={settings.source_axis: "source"})
        sources = list(experiment.axes[settings.source_axis])
    grid = _whole_grid(found, rows, sources, experiment.seeds, measure.column)
    grid["column"] = grid["domain"]
    metric = measure.metrics[settings.main_task]
    blocks = []
    for title, inside in ((IN_DOMAIN, True), (OUT_OF_DOMAIN, False)):
        scores = grid[grid["in_domain"] == inside]
        if not scores.empty:
            columns = [domain for domain in dict.fromkeys(grid["domain"]) if domain in set(scores["domain"])]
            blocks.append(Block(title, scores, tuple(rows), dict.fromkeys(columns, metric), averaged=True))
    return blocks


def task_block(experiment: Experiment, settings: TasksReport, results: pd.DataFrame, measure: Measure) -> Block:
    """One block whose columns are tasks; a figure is the mean over all test domains, or is that of all sentences.

    Raises:
        UserError: the results say nothing of a task, or two values that make up a row have the same task.
    """
    rows = settings.systems(experiment.axes)
    grids = []
    for task in settings.tasks:
        found = scores_on_test(results, task, settings.over).assign(source="")
        found["row"] = found[settings.system_axis].map(settings.row_of)
        _check_one_each(found, task, settings)
        grids.append(_whole_grid(found, rows, [""], experiment.seeds, measure.column).assign(column=task))
    shares = all(metric.is_share for metric in measure.metrics.values())
    averaged = settings.average and shares and len(settings.tasks) > 1
    return Block(settings.title, pd.concat(grids), tuple(rows), measure.metrics, averaged, by_column=True)


def _check_one_each(found: pd.DataFrame, task: str, settings: TasksReport) -> None:
    for row, values in found.groupby("row")[settings.system_axis].unique().items():
        if len(values) > 1:
            raise UserError(f"report.rows.{row}: {' and '.join(sorted(values))} both have scores of task {task!r}")


def _whole_grid(
    found: pd.DataFrame, rows: Sequence[str], sources: Sequence[str], seeds: Sequence[int], column: str
) -> pd.DataFrame:
    """One row for each score that there should be; NaN for those that are missing."""
    names = ["row", "source", "seed", "domain"]
    domains = list(dict.fromkeys(found["domain"]))
    index = pd.MultiIndex.from_product([rows, sources, seeds, domains], names=names)
    grid = found.set_index(names)[column].astype(float).reindex(index).rename("score").reset_index()
    known = found.groupby(["source", "domain"])["in_domain"].first().to_dict()
    # Of a source of which no run is there it is not known; domains are sources of the same name then.
    pairs = zip(grid["source"], grid["domain"], strict=True)
    grid["in_domain"] = [bool(known.get((source, domain), source == domain)) for source, domain in pairs]
    return grid
