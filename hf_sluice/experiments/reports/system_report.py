"""Reports that compare systems by their scores: over domains, over tasks, and of variants of one system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.experiments.reports.blocks import AVERAGE, Block
from hf_sluice.experiments.reports.comparison import METHOD, METHOD_BY_RUN, comparison_table
from hf_sluice.experiments.reports.curves import spread
from hf_sluice.experiments.reports.delta_table import delta_table
from hf_sluice.experiments.reports.mask_section import add_masks
from hf_sluice.experiments.reports.measures import Measure, measures
from hf_sluice.experiments.reports.published_tables import block_figures, published_tables
from hf_sluice.experiments.reports.row_records import parameters_by_row, records_by_row
from hf_sluice.experiments.reports.score_blocks import domain_blocks, task_block
from hf_sluice.experiments.reports.score_figure import score_figure
from hf_sluice.experiments.reports.score_tables import error_reduction_table, joint_table, score_table
from hf_sluice.experiments.reports.settings import PARAMETERS, AblationReport, TasksReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.published_tables import Figures
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.settings import DomainsReport, Published

    Settings = DomainsReport | TasksReport | AblationReport
    Measured = list[tuple[Measure, list[Block]]]

_CELLS = "In per cent, mean ± sample standard deviation over seeds; the best of each column in bold. "
_OVER_DOMAINS = (
    "Columns are the domains tested on. In-domain: trained on the domain itself. Out-of-domain: the mean over the runs "
    "trained on other domains."
)
_OVER_TASKS = {
    "domains": "Columns are tasks, each averaged over all test domains.",
    "sentences": "Columns are tasks, each scored over all test sentences together.",
}
_PARAMETERS = (
    " Parameters are in thousands, without embeddings and output layers: of masked weights those that any task's mask "
    "keeps, of a row that stands for several models all of theirs."
)


def add_system_report(
    document: Document, experiment: Experiment, settings: Settings, results: pd.DataFrame, records: Sequence[RunRecord]
) -> None:
    """Adds tables, pictures and comparisons.

    Raises:
        UserError: the results lack a task that the report shows.
    """
    measured = _measured(experiment, settings, results)
    parameters = _parameters(experiment, settings, records)
    document.heading("Scores")
    document.paragraph(_meaning(settings))
    for measure, blocks in measured:
        document.heading(measure.title, 3)
        _add_tables(document, settings, measure, blocks, parameters)
    of_masks: Mapping[str, Figures] = {}
    if isinstance(settings, TasksReport):
        of_masks = add_masks(document, records_by_row(experiment, settings, records), settings.tasks, experiment.seeds)
    if settings.published is not None:
        _add_published(document, settings, settings.published, measured, parameters, of_masks)
    document.heading("Pictures")
    for measure, blocks in measured:
        document.picture(score_figure(blocks), f"scores_{measure.column}", f"{measure.title} of each system and seed")
    _add_comparisons(document, settings, measured)


def _measured(experiment: Experiment, settings: Settings, results: pd.DataFrame) -> Measured:
    if isinstance(settings, TasksReport):
        found = measures(results, settings.tasks, settings.over)
        shown = found if settings.token_accuracy else found[-1:]  # the last is that by which tasks are judged
        return [(measure, [task_block(experiment, settings, results, measure)]) for measure in shown]
    found = measures(results, [settings.main_task])
    return [(measure, domain_blocks(experiment, settings, results, measure)) for measure in found]


def _parameters(experiment: Experiment, settings: Settings, records: Sequence[RunRecord]) -> dict[str, pd.Series]:
    """Per row and seed; empty where they are not to be shown."""
    if isinstance(settings, TasksReport) and settings.parameters:
        return parameters_by_row(experiment, settings, records)
    return {}


def _meaning(settings: Settings) -> str:
    if not isinstance(settings, TasksReport):
        return _CELLS + _OVER_DOMAINS
    return _CELLS + _OVER_TASKS[settings.over] + (_PARAMETERS if settings.parameters else "")


def _add_tables(
    document: Document,
    settings: Settings,
    measure: Measure,
    blocks: Sequence[Block],
    parameters: Mapping[str, pd.Series],
) -> None:
    if isinstance(settings, AblationReport):
        document.table(joint_table(blocks, AVERAGE, "Averages over domains"))
    beside = {PARAMETERS: [spread(counted, 1, len(counted)) for counted in parameters.values()]} if parameters else {}
    for block in blocks:
        document.table(score_table(block, beside))
    if isinstance(settings, TasksReport) and settings.delta_over is not None:
        published = {} if settings.published is None else settings.published.figures(settings.title, measure.column)
        document.table(delta_table(blocks[0], settings.delta_over, published))
    reductions = error_reduction_table(blocks, settings.baselines)
    if reductions is not None:
        document.table(reductions)


def _add_published(
    document: Document,
    settings: Settings,
    published: Published,
    measured: Measured,
    parameters: Mapping[str, pd.Series],
    of_masks: Mapping[str, Figures],
) -> None:
    blocks = next((blocks for measure, blocks in measured if measure.column == published.measure), [])
    counted = (
        {PARAMETERS: {row: values.mean() for row, values in parameters.items() if values.notna().any()}}
        if parameters
        else {}
    )
    here: dict[str, Figures] = {block.title: block_figures(block) | counted for block in blocks} | dict(of_masks)
    document.heading("Published and here")
    document.paragraph(f"Published: {published.source}. Here: this report, on other data and in other sizes.")
    told = settings.delta_over if isinstance(settings, TasksReport) else None
    baselines = [baseline for baseline in settings.baselines if baseline != told]
    for table in published_tables(published, here, baselines):
        document.table(table)


def _add_comparisons(document: Document, settings: Settings, measured: Measured) -> None:
    one_score_each = isinstance(settings, TasksReport) and settings.over == "sentences"
    document.heading("Is the difference more than noise?")
    document.paragraph(METHOD_BY_RUN if one_score_each else METHOD)
    for measure, blocks in measured:
        table = comparison_table(blocks, settings.compared, by_run=not one_score_each)
        if table is not None:
            document.heading(measure.title, 3)
            document.table(table)
