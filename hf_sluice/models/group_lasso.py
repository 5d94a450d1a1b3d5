"""The L1/L2 group lasso, which can switch whole subspaces off."""

from __future__ import annotations

import torch
from torch import Tensor


def group_lasso_penalty(weight_ih: Tensor, num_subspaces: int) -> Tensor:
    """Σ_n Σ_s ‖G_{n,s}‖₂ of one layer (Ruder et al. 2019, "Prior Work as Instances of Sluice Networks").

    G_{n,s} is the group of all input weights of the units of subspace s, in both directions.

    Args:
        weight_ih: input weights of a layer of N networks, (N, 2, 4H, D), gate by gate.
        num_subspaces: S.

    Returns:
        A scalar.
    """
    networks, directions, rows, width = weight_ih.shape
    by_gate = weight_ih.view(networks, directions, 4, num_subspaces, rows // 4 // num_subspaces, width)
    return torch.linalg.vector_norm(by_gate, dim=(1, 2, 4, 5)).sum()
