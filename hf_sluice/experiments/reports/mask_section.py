"""The section of a report on the masks of its systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.experiments.reports.mask_tables import overlap_table, overlaps, sparsities, sparsity_table
from hf_sluice.experiments.reports.settings import OVERLAP, SPARSITY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord


def add_masks(
    document: Document, rows: Mapping[str, Sequence[RunRecord]], tasks: Sequence[str], seeds: Sequence[int]
) -> dict[str, dict[str, dict[str, float]]]:
    """Adds how sparse masks are and how much they overlap; nothing where no run has masks.

    Args:
        document: where to.
        rows: the runs of each row.
        tasks: the columns.
        seeds: of the experiment.

    Returns:
        The means over seeds, per table (``Sparsity``, ``Overlap ratio``), column and row.
    """
    sparse, overlapping = sparsities(rows, seeds), overlaps(rows, seeds)
    if sparse:
        document.heading("Masks")
        document.paragraph("Mean ± sample standard deviation over seeds.")
        document.table(sparsity_table(sparse, rows, tasks))
    if overlapping:
        document.table(overlap_table(overlapping))
    return {SPARSITY: _means(sparse), OVERLAP: _means(overlapping)}


def _means(measured: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, float]]:
    columns = dict.fromkeys(column for table in measured.values() for column in table)
    return {
        column: {row: float(table[column].mean()) for row, table in measured.items() if column in table}
        for column in columns
    }
