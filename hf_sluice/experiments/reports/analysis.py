"""The report on what other experiments' models learned: α, β, and what goes with gains and with sharing.

Latent MTL (Ruder et al. 2019), "Analysis"; Sluice (Ruder et al. 2017), Figure 2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hf_sluice.analysis.correlation_tables import correlate, correlation_table, strongest_table, summary
from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.finished import read_experiment
from hf_sluice.experiments.reports.observations import observations, system_records
from hf_sluice.experiments.reports.sharing_section import add_sharing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.finished import FinishedExperiment
    from hf_sluice.experiments.reports.settings import AnalysisReport

_MEANING = (
    "An observation is one experiment and one choice of training sentences, averaged over seeds; observations "
    "of different experiments differ in their main task as well as in their sentences. Gains are error "
    "reductions (1 − score) in the score by which the main task is judged. α: mean of |α| by which the main "
    "task's subspaces draw from other tasks' and from its own; β: of the main task. p: permutation test, two-"
    "sided, corrected by Benjamini & Hochberg over all tests. What does not vary is left out. With few "
    "observations only strong and regular connections can be seen."
)


def add_analysis(document: Document, name: str, settings: AnalysisReport, folder: Path) -> None:
    """Adds what was read, α and β of each experiment, and the correlations.

    Args:
        document: where to.
        name: of the experiment that asks for this report.
        settings: which experiments, and what in them.
        folder: where the folders of their results are.

    Raises:
        UserError: results are missing or damaged, or an experiment has no run of the system.
    """
    experiments = [read_experiment(folder / name, task) for name, task in settings.experiments.items()]
    for experiment in experiments:
        if not system_records(experiment, settings):
            raise UserError(f"report: {folder / experiment.name} has no run of {settings.system!r}")
    document.heading("What was read")
    document.paragraph("Nothing was run for this report; it is made of the results of other experiments:")
    document.items([_line(experiment, settings) for experiment in experiments])
    document.paragraph("Again, once these are there:")
    document.code(f"hf-sluice experiment recipes/experiments/{name}.yaml", "sh")
    if settings.published is not None:
        document.paragraph(f"Published: {settings.published}")
    document.heading(f"What {settings.system} learned")
    for experiment in experiments:
        add_sharing(document, experiment, system_records(experiment, settings))
    _add_correlations(document, experiments, settings)


def _line(experiment: FinishedExperiment, settings: AnalysisReport) -> str:
    chosen = system_records(experiment, settings)
    seeds = sorted({record.seed for record in chosen})
    commits = ", ".join(sorted({record.short_commit for record in experiment.records}))
    return (
        f"[{experiment.name}](../{experiment.name}/report.md): main task {experiment.main_task}, {len(chosen)} runs of "
        f"{settings.system} of {len(experiment.records)}, seeds {', '.join(map(str, seeds))}, commit {commits}"
    )


def _add_correlations(document: Document, experiments: Sequence[FinishedExperiment], settings: AnalysisReport) -> None:
    both = [observations(experiment, settings) for experiment in experiments]
    characteristics, outcomes = (
        pd.concat([tables[side] for tables in both], keys=[experiment.name for experiment in experiments])
        for side in range(2)
    )
    tests = correlate(characteristics, outcomes)
    document.heading("What goes with gains, α and β")
    document.paragraph(_MEANING)
    document.paragraph(summary(tests, len(outcomes)))
    if tests:
        document.table(correlation_table(tests, list(outcomes), list(characteristics)))
        document.table(strongest_table(tests))
