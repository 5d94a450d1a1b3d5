"""The report of an experiment, written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.experiments.reports.document import Document
from hf_sluice.experiments.reports.records import read_records
from hf_sluice.experiments.reports.settings import AnalysisReport, LearningCurvesReport, SharingRatioReport
from hf_sluice.experiments.reports.sparse_settings import OverlapGainReport, SparsityReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from hf_sluice.experiments.experiment import Experiment


def write_report(
    experiment: Experiment, results: pd.DataFrame, runs: Sequence[Mapping[str, Any]], folder: Path
) -> list[Path]:
    """Writes ``report.md`` and its pictures.

    Args:
        experiment: the experiment; its section ``report`` says the form.
        results: the scores, one row per run, split, task and domain, as ``hf_sluice.experiments.collect`` makes them.
        runs: the records of its finished runs.
        folder: where to; the form ``analysis`` reads the results of other experiments from the folders beside it.

    Returns:
        The files that were written; none for an experiment without a report.

    Raises:
        UserError: the results lack what the report is to show, or the folder cannot be written.
    """
    settings = experiment.report
    if settings is None:
        return []
    document = Document(experiment.title)
    if isinstance(settings, AnalysisReport):
        from hf_sluice.experiments.reports.analysis import add_analysis

        add_analysis(document, experiment.name, settings, folder.parent)
        return document.write(folder)
    from hf_sluice.experiments.reports.overview import add_overview

    records = read_records(runs)
    add_overview(document, experiment, results, records, settings.row_axis)
    if isinstance(settings, SharingRatioReport):
        from hf_sluice.experiments.reports.sharing_ratio import add_sharing_ratio

        add_sharing_ratio(document, experiment, settings, results, records)
    elif isinstance(settings, LearningCurvesReport):
        from hf_sluice.experiments.reports.learning_curves import add_learning_curves

        add_learning_curves(document, experiment, settings, records)
    elif isinstance(settings, SparsityReport):
        from hf_sluice.experiments.reports.sparsity import add_sparsity

        add_sparsity(document, experiment, settings, results, records)
    elif isinstance(settings, OverlapGainReport):
        from hf_sluice.experiments.reports.overlap_gain import add_overlap_gain

        add_overlap_gain(document, experiment, settings, results, records)
    else:
        from hf_sluice.experiments.reports.system_report import add_system_report

        add_system_report(document, experiment, settings, results, records)
    return document.write(folder)
