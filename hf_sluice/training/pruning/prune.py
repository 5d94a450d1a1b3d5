"""One pruning: the least important of the weights that remain (Sun et al. 2020, Algorithm 1, step 5)."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import torch

from hf_sluice.models.mask_measures import layer_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from torch import Tensor

    from hf_sluice.training.pruning.settings import PruningScope

    Mask = Mapping[str, Tensor]


def whole_mask(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """The mask that keeps everything, bool, per parameter."""
    return {name: torch.ones(shape, dtype=torch.bool) for name, shape in shapes.items()}


def prune(mask: Mask, importance: Mask, rate: float, scope: PruningScope) -> dict[str, Tensor]:
    """Removes a share of the remaining weights, those of the least importance.

    Among equals the first ones go; at least one weight goes, and one stays.

    Args:
        mask: what remains, bool per parameter.
        importance: a number for each weight, larger for what is worth more; of the same names and shapes.
        rate: the share of the remaining weights to remove, between 0 and 1; rounded to whole weights.
        scope: ``global`` compares all weights, ``layer`` those of a layer.
    """
    left: dict[str, Tensor] = {}
    for names in _groups(mask, scope):
        kept_N = torch.cat([mask[name].flatten() for name in names])
        importance_N = torch.cat([importance[name].flatten() for name in names])
        remaining = torch.nonzero(kept_N).flatten()
        order = torch.argsort(importance_N[remaining], stable=True)
        kept_N = kept_N.clone()
        kept_N[remaining[order[: _num_pruned(len(remaining), rate)]]] = False
        parts = kept_N.split([mask[name].numel() for name in names])
        left |= {name: part.view(mask[name].shape) for name, part in zip(names, parts, strict=True)}
    return {name: left[name] for name in mask}


def count_rounds(shapes: Mapping[str, tuple[int, ...]], rate: float, final_sparsity: float, scope: PruningScope) -> int:
    """How many prunings it takes until no more than a share of the weights remains, or no more can go.

    Args:
        shapes: of the masked parameters.
        rate: as in :func:`prune`.
        final_sparsity: that share.
        scope: as in :func:`prune`.
    """
    remaining = [sum(prod(shapes[name]) for name in names) for names in _groups(shapes, scope)]
    total, rounds = sum(remaining), 0
    while sum(remaining) / total > final_sparsity and max(remaining) > 1:
        remaining = [number - _num_pruned(number, rate) for number in remaining]
        rounds += 1
    return rounds


def _num_pruned(remaining: int, rate: float) -> int:
    return min(max(1, round(rate * remaining)), remaining - 1)


def _groups(names: Iterable[str], scope: PruningScope) -> list[list[str]]:
    if scope == "global":
        return [list(names)]
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(layer_of(name), []).append(name)
    return list(groups.values())
