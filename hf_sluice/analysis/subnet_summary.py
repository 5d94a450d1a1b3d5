"""What a sparse-sharing model shares, as tables and plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.candidate_tables import candidates_table
from hf_sluice.analysis.mask_tables import mask_tables
from hf_sluice.analysis.overlap_by_round import RoundOverlap, overlap_by_round, overlap_by_round_table
from hf_sluice.analysis.parameter_counts import ParameterCounts, parameters_table
from hf_sluice.training.learned_sharing import mask_values

if TYPE_CHECKING:
    from hf_sluice.analysis.recorded_search import RecordedSearch
    from hf_sluice.evaluation.tables import TextTable
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification


@dataclass(frozen=True)
class SubnetSummary:
    """Measures of a model's masks.

    Args:
        model: the model.
        search: where its masks come from; None where that is not known.
    """

    model: SparseSharingForTokenClassification
    search: RecordedSearch | None = None

    @cached_property
    def measures(self) -> dict[str, Any]:
        """Sparsity per task, layer and gate, and overlap ratios."""
        return mask_values(self.model.masks)

    @cached_property
    def rounds(self) -> list[RoundOverlap]:
        """Overlap ratios round by round; nothing for a single task, or without a search."""
        if self.search is None or len(self.search.masks.masks) == 1:
            return []
        return overlap_by_round(self.search.masks)

    def tables(self) -> list[TextTable]:
        """All of it as tables."""
        tables = [*mask_tables(self.measures), parameters_table(ParameterCounts.of_model(self.model))]
        if self.search is not None:
            chosen = self.search.chosen
            tables += [candidates_table(task, found, chosen[task]) for task, found in self.search.candidates.items()]
        return [*tables, overlap_by_round_table(self.rounds)] if self.rounds else tables

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values."""
        values: dict[str, Any] = {
            "masks": self.measures,
            "parameter_counts": asdict(ParameterCounts.of_model(self.model)),
        }
        if self.search is not None:
            values["search"] = {
                "candidates": {task: list(map(asdict, found)) for task, found in self.search.candidates.items()},
                "chosen_round": {task: one.round for task, one in self.search.chosen.items()},
            }
            values["overlap_by_round"] = list(map(asdict, self.rounds))
        return values
