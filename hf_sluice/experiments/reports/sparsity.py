"""The report of what sparsity does to scores (Sparse Sharing, Figures 3 and 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.candidates import add_candidates
from hf_sluice.experiments.reports.equal_sparsity import add_equal_sparsity
from hf_sluice.experiments.reports.mask_section import add_masks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.sparse_settings import SparsityReport

_ONE_KIND = "sparse sharing"


def add_sparsity(
    document: Document,
    experiment: Experiment,
    settings: SparsityReport,
    results: pd.DataFrame,
    records: Sequence[RunRecord],
) -> None:
    """Adds tables and pictures.

    Raises:
        UserError: there are neither candidates nor sparsities to show, or scores are missing or cannot be averaged.
    """
    lines = _lines(experiment, settings, records)
    if settings.published is not None:
        document.paragraph(f"Published: {settings.published}")
    searched = add_candidates(
        document, lines, settings.tasks, experiment.seeds, results, logarithmic=settings.logarithmic
    )
    if settings.sparsity_axis is not None:
        add_equal_sparsity(
            document,
            lines,
            settings.sparsity_axis,
            settings.tasks,
            experiment.seeds,
            results,
            logarithmic=settings.logarithmic,
        )
        return
    if not searched:
        raise UserError("report: no run has a search for masks; sparsity is shown of runs of sparse sharing")
    add_masks(document, lines, settings.tasks, experiment.seeds)


def _lines(
    experiment: Experiment, settings: SparsityReport, records: Sequence[RunRecord]
) -> dict[str, list[RunRecord]]:
    """The runs of each kind of search."""
    axis = settings.search_axis
    if axis is None:
        return {_ONE_KIND: list(records)}
    return {name: [record for record in records if record.point[axis] == name] for name in experiment.axes[axis]}
