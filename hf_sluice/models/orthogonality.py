"""The penalty Ω that keeps the subspaces of a layer apart."""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from typing import Any

import torch
from torch import Tensor

from .dense_product import has_quicker_product, product
from .first_gradient import refuse_further_gradients


def orthogonality_penalty(weight_ih: Tensor, num_subspaces: int) -> Tensor:
    """Σ_n Σ_{s<r} ‖G_{n,s}ᵀ G_{n,r}‖²_F of one layer (Ruder et al. 2019, "Adding Inductive Bias").

    G_{n,s} has a column per unit of subspace s, both directions' units: the input weights of the unit's four gates,
    one below the other. The product thus holds the inner products between units of different subspaces.

    Of float32 on a CPU its gradient can be taken once; the gradient of the gradient is refused.

    Args:
        weight_ih: input weights of a layer of N networks, (N, 2, 4H, D), gate by gate.
        num_subspaces: S; with one there is nothing to keep apart and the penalty is 0.

    Returns:
        A scalar.
    """
    if num_subspaces == 1:
        return weight_ih.new_zeros(())
    if has_quicker_product(weight_ih):
        return _Overlaps.apply(weight_ih, num_subspaces)
    units_NSUG = _in_order_of_units(weight_ih, num_subspaces).flatten(2, 3).flatten(3)
    overlaps = [torch.bmm(one, other.mT).square().sum() for one, other in combinations(units_NSUG.unbind(1), 2)]
    return torch.stack(overlaps).sum()


class _Overlaps(torch.autograd.Function):
    """(N, 2, 4H, D) → Ω; the gradient of ‖A Bᵀ‖² is 2·(A Bᵀ)·B for A and 2·(A Bᵀ)ᵀ·A for B.

    One network after the other, so that what is worked on stays in a processor's cache; the units are put in order
    again in the backward pass, which costs less than to keep them.
    """

    @staticmethod
    def forward(ctx: Any, weight_ih: Tensor, num_subspaces: int) -> Tensor:
        overlaps = []
        for weight_2GD in weight_ih.unbind():
            units_SUG = _by_unit(weight_2GD, num_subspaces)
            overlaps += [product(one, other.t()) for one, other in combinations(units_SUG.unbind(), 2)]
        ctx.save_for_backward(weight_ih, *overlaps)
        ctx.num_subspaces = num_subspaces
        return torch.stack([overlap.square().sum() for overlap in overlaps]).sum()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        refuse_further_gradients("orthogonality penalty")
        weight_ih, *overlaps = ctx.saved_tensors
        subspaces = range(ctx.num_subspaces)
        result = torch.empty_like(weight_ih)
        rest = iter(overlaps)
        for weight_2GD, result_2GD in zip(weight_ih.unbind(), result.unbind(), strict=True):
            units_SUG = _by_unit(weight_2GD, ctx.num_subspaces)
            twice = {pair: next(rest) * (2 * gradient) for pair in combinations(subspaces, 2)}
            twice |= {(other, one): overlap.t() for (one, other), overlap in twice.items()}
            for one, slot in zip(subspaces, _in_order_of_units(result_2GD, ctx.num_subspaces), strict=True):
                overlapping = [product(twice[one, other], units_SUG[other]) for other in subspaces if other != one]
                slot.copy_(reduce(torch.add, overlapping).view(slot.shape))
        return result, None


def _by_unit(weight_2GD: Tensor, num_subspaces: int) -> Tensor:
    """Each unit's input weights side by side, subspace by subspace: (S, 2·H/S, 4·D)."""
    return _in_order_of_units(weight_2GD, num_subspaces).flatten(1, 2).flatten(2)


def _in_order_of_units(weight_2GD: Tensor, num_subspaces: int) -> Tensor:
    """The same numbers, nothing being moved, of one network or of N: (…, S, 2, H/S, 4, D)."""
    directions, rows, width = weight_2GD.shape[-3:]
    by_gate = weight_2GD.view(*weight_2GD.shape[:-3], directions, 4, num_subspaces, rows // 4 // num_subspaces, width)
    return by_gate.movedim((-3, -5, -2, -4, -1), (-5, -4, -3, -2, -1))
