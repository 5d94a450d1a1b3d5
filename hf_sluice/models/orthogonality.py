"""The penalty Ω that keeps the subspaces of a layer apart."""

from __future__ import annotations

from itertools import combinations
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
    by_gate = weight_ih.view(networks, directions, 4, num_subspaces, subspace, width)
    units_S = [gates.transpose(2, 3).reshape(networks, directions * subspace, 4 * width) for gates in by_gate.unbind(3)]
    overlaps = [torch.bmm(one, other.mT).square().sum() for one, other in combinations(units_S, 2)]
    return torch.stack(overlaps).sum() if overlaps else weight_ih.new_zeros(())
