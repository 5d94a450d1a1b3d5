"""What masks come to: sparsity, overlap, and parameters as Sun et al. (2020) count them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from .maskable_parameters import CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from .modeling_tagger import TaggerForTokenClassification

    Mask = Mapping[str, Tensor]

GATES = ("input", "forget", "cell", "output")
_NOT_COUNTED = ("embedding", "heads.")


def num_kept(mask: Mask) -> int:
    """‖M‖₀."""
    return sum(int(of.sum()) for of in mask.values())


def sparsity(mask: Mask) -> float:
    """‖M‖₀ / |θ|: the share of weights that *remain* (Sun et al. 2020, "Generating Subnets for Each Task")."""
    return num_kept(mask) / sum(of.numel() for of in mask.values())


def overlap_ratio(masks: Sequence[Mask]) -> float:
    """OR: weights in all masks over weights in any, from 0 to 1 (Sun et al. 2020, equation 4); not all may be empty."""
    both = either = 0
    for name in masks[0]:
        intersection, union = masks[0][name], masks[0][name]
        for mask in masks[1:]:
            intersection, union = intersection & mask[name], union | mask[name]
        both, either = both + int(intersection.sum()), either + int(union.sum())
    return both / either


def pair_overlaps(masks: Mapping[str, Mask]) -> dict[tuple[str, str], float]:
    """OR of every two tasks."""
    return {(a, b): overlap_ratio([masks[a], masks[b]]) for a, b in itertools.combinations(masks, 2)}


def layer_of(name: str) -> str:
    """The layer that a masked parameter belongs to: ``characters``, ``layer 1`` and so on."""
    return "characters" if name.startswith(CHARACTERS) else f"layer {int(name.split('.')[1]) + 1}"


def sparsity_by_layer(mask: Mask) -> dict[str, float]:
    """Sparsity of each layer, from the characters up."""
    layers = dict.fromkeys(layer_of(name) for name in mask)
    return {layer: sparsity({name: of for name, of in mask.items() if layer_of(name) == layer}) for layer in layers}


def sparsity_by_gate(mask: Mask) -> dict[str, dict[str, float]]:
    """Sparsity of each gate of each recurrent parameter, both directions together."""
    return {
        name: {gate: int(part.sum()) / part.numel() for gate, part in zip(GATES, of.chunk(4, dim=2), strict=True)}
        for name, of in mask.items()
        if name.endswith(("weight_ih", "weight_hh"))
    }


def counted_parameters(model: TaggerForTokenClassification) -> int:
    """Parameters without embeddings and heads; of masked ones those that a task uses (Sun et al. 2020, Table 3)."""
    subnet = model.subnet(model.config.task_names)
    return sum(
        int(subnet[name].sum()) if name in subnet else parameter.numel()
        for name, parameter in model.named_parameters()
        if not any(part in name for part in _NOT_COUNTED)
    )
