"""The pictures of how two architectures differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.alpha_heat_maps import alpha_heat_maps
from hf_sluice.analysis.overlap_matrix import overlap_heat_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hf_sluice.analysis.architecture_comparison import ArchitectureComparison


def comparison_figures(comparison: ArchitectureComparison) -> dict[str, Figure]:
    """Pictures by name: ``alpha_difference``, or ``mask_overlap`` of all tasks of A with all of B."""
    figures = {}
    if comparison.alpha is not None:
        title = "α of B − α of A: target ← source"
        figures["alpha_difference"] = alpha_heat_maps(
            comparison.alpha.difference, comparison.alpha.networks, title=title
        )
    if comparison.masks is not None:
        figures["mask_overlap"] = overlap_heat_map(
            comparison.masks.overlaps,
            [f"{task} of A" for task in comparison.masks.masks_a],
            [f"{task} of B" for task in comparison.masks.masks_b],
            "Overlap ratios of A's masks with B's",
        )
    return figures
