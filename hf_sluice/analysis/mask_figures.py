"""The pictures of what a sparse-sharing model shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.overlap_matrix import overlap_matrix
from hf_sluice.analysis.sparsity_bars import sparsity_bars
from hf_sluice.analysis.sparsity_curves import overlap_curves, score_curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hf_sluice.analysis.subnet_summary import SubnetSummary


def mask_figures(summary: SubnetSummary) -> dict[str, Figure]:
    """Pictures by name.

    ``sparsity`` per layer; of several tasks ``overlap``; where the search is on record ``scores`` of its candidates
    and, of several tasks, ``overlap_by_round``.
    """
    figures = {"sparsity": sparsity_bars(summary.measures)}
    if summary.measures["pairs"]:
        figures["overlap"] = overlap_matrix(summary.measures)
    if summary.search is not None:
        figures["scores"] = score_curves(summary.search)
    if summary.rounds:
        figures["overlap_by_round"] = overlap_curves(summary.rounds)
    return figures
