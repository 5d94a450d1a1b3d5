"""Reports that compare systems by their scores: over domains, over tasks, and of variants of one system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.experiments.reports.blocks import AVERAGE, Block
from hf_sluice.experiments.reports.comparison import METHOD, comparison_table
from hf_sluice.experiments.reports.measures import Measure, measures
from hf_sluice.experiments.reports.published_tables import published_tables
from hf_sluice.experiments.reports.score_blocks import domain_blocks, task_block
from hf_sluice.experiments.reports.score_figure import score_figure
from hf_sluice.experiments.reports.score_tables import error_reduction_table, joint_table, score_table
from hf_sluice.experiments.reports.settings import AblationReport, TasksReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.settings import DomainsReport

    Settings = DomainsReport | TasksReport | AblationReport
    Measured = list[tuple[Measure, list[Block]]]

_CELLS = "In per cent, mean ± sample standard deviation over seeds; the best of each column in bold. "
_OVER_DOMAINS = (
    "Columns are the domains tested on. In-domain: trained on the domain itself. Out-of-domain: the mean over the runs "
    "trained on other domains."
)
_OVER_TASKS = "Columns are tasks, each averaged over all test domains."


def add_system_report(document: Document, experiment: Experiment, settings: Settings, results: pd.DataFrame) -> None:
    """Adds tables, pictures and comparisons.

    Raises:
        UserError: the results lack a task that the report shows.
    """
    measured = _measured(experiment, settings, results)
    document.heading("Scores")
    document.paragraph(_CELLS + (_OVER_TASKS if isinstance(settings, TasksReport) else _OVER_DOMAINS))
    for measure, blocks in measured:
        document.heading(measure.title, 3)
        _add_tables(document, settings, blocks)
    if settings.published is not None:
        _add_published(document, settings, measured)
    document.heading("Pictures")
    for measure, blocks in measured:
        document.picture(score_figure(blocks), f"scores_{measure.column}", f"{measure.title} of each system and seed")
    document.heading("Is the difference more than noise?")
    document.paragraph(METHOD)
    for measure, blocks in measured:
        table = comparison_table(blocks, settings.compared)
        if table is not None:
            document.heading(measure.title, 3)
            document.table(table)


def _measured(experiment: Experiment, settings: Settings, results: pd.DataFrame) -> Measured:
    if isinstance(settings, TasksReport):
        found = measures(results, settings.tasks)
        return [(measure, [task_block(experiment, settings, results, measure)]) for measure in found]
    found = measures(results, [settings.main_task])
    return [(measure, domain_blocks(experiment, settings, results, measure)) for measure in found]


def _add_tables(document: Document, settings: Settings, blocks: Sequence[Block]) -> None:
    if isinstance(settings, AblationReport):
        document.table(joint_table(blocks, AVERAGE, "Averages over domains"))
    for block in blocks:
        document.table(score_table(block))
    reductions = error_reduction_table(blocks, settings.baselines)
    if reductions is not None:
        document.table(reductions)


def _add_published(document: Document, settings: Settings, measured: Measured) -> None:
    published = settings.published
    if published is None:
        return
    blocks = next((blocks for measure, blocks in measured if measure.column == published.measure), [])
    document.heading("Published and here")
    document.paragraph(f"Published: {published.source}. Here: this report, on other data and in other sizes.")
    for table in published_tables(published, blocks, settings.baselines):
        document.table(table)
