"""What a model has learned to share, as plain values for the record of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.models.mask_measures import (
    counted_parameters,
    num_kept,
    overlap_ratio,
    pair_overlaps,
    sparsity,
    sparsity_by_gate,
    sparsity_by_layer,
)
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification


def learned_sharing(model: TaggerForTokenClassification) -> dict[str, Any]:
    """``alpha`` and ``beta`` of a sluice network, or measures of ``masks``; and ``counted_parameters`` of both."""
    values: dict[str, Any] = {"counted_parameters": counted_parameters(model)}
    if isinstance(model, SluiceForTokenClassification):
        values |= {
            "num_subspaces": model.config.num_subspaces,
            "task_networks": list(model.config.networks_read()),
            "alpha": model.alpha.tolist(),
            "beta": model.beta.tolist(),
        }
    if isinstance(model, SparseSharingForTokenClassification):
        values["masks"] = mask_values(model.masks)
    return values


def mask_values(masks: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Any]:
    """Measures of masks: weights kept, sparsity (the share that remains) per task, layer and gate, overlap ratios."""
    return {
        "masked_weights": sum(of.numel() for of in next(iter(masks.values())).values()),
        "weights": {task: num_kept(mask) for task, mask in masks.items()},
        "sparsity": {task: sparsity(mask) for task, mask in masks.items()},
        "by_layer": {task: sparsity_by_layer(mask) for task, mask in masks.items()},
        "by_gate": {task: sparsity_by_gate(mask) for task, mask in masks.items()},
        "overlap": overlap_ratio(list(masks.values())),
        "pairs": [[first, second, ratio] for (first, second), ratio in pair_overlaps(masks).items()],
    }
