"""The penalty Ω that keeps the subspaces of a layer apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def orthogonality_penalty(weight_ih: Tensor, num_subspaces: int) -> Tensor:
    """Σ_n Σ_{s<r} ‖G_{n,s}ᵀ G_{n,r}‖²_F of one layer (Ruder et al. 2019, "Adding Inductive Bias").

    G_{n,s} has a column per unit of subspace s, both directions' units: the input weights of the unit's four gates,
    one below the other. The product thus holds the inner products between units of different subspaces.

    Args:
        weight_ih: input weights of a layer of N networks, (N, 2, 4H, D), gate by gate.
        num_subspaces: S; with one there is nothing to keep apart and the penalty is 0.

    Returns:
        A scalar.
    """
    networks, directions, rows, width = weight_ih.shape
    subspace = rows // 4 // num_subspaces
    by_unit = weight_ih.view(networks, directions, 4, num_subspaces, subspace, width).permute(0, 3, 1, 4, 2, 5)
    units_NSUG = by_unit.reshape(networks, num_subspaces, directions * subspace, 4 * width)
    penalty = weight_ih.new_zeros(())
    for first in range(num_subspaces - 1):
        rest = units_NSUG[:, first + 1 :].flatten(1, 2)
        penalty = penalty + torch.bmm(units_NSUG[:, first], rest.mT).square().sum()
    return penalty
