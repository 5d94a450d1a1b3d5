"""α and β at work: mixing the subspaces of all networks after a layer, and the layers of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers import initialization as init

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .sharing_table import MixingTable


class MixingWeights(nn.Module):
    """A tensor of mixing weights, some of its entries learned (and possibly tied), the others fixed.

    ``free`` holds the learned values, ``slots`` and ``fixed`` say what stands where; all three are saved.

    Args:
        table: which entries are free, and the values at the start.
    """

    slots: Tensor
    fixed: Tensor

    def __init__(self, table: MixingTable) -> None:
        super().__init__()
        self._table = table
        self.free = nn.Parameter(torch.empty(table.num_free)) if table.num_free else None
        self.register_buffer("slots", torch.empty(table.slots.shape, dtype=torch.int64))
        self.register_buffer("fixed", torch.empty(table.slots.shape))

    def reset_parameters(self) -> None:
        """Writes the table's values, sparing what was loaded from a checkpoint."""
        init.copy_(self.slots, torch.from_numpy(self._table.slots))
        init.copy_(self.fixed, torch.from_numpy(self._table.values))
        if self.free is not None:
            init.copy_(self.free, torch.from_numpy(self._table.initial_free()))

    def forward(self) -> Tensor:
        """All weights, of the table's shape."""
        if self.free is None:
            return self.fixed
        return torch.where(self.slots < 0, self.fixed, self.free[self.slots.clamp(min=0)])


def mix_subspaces(alpha: Tensor, h_NTBH: Sequence[Tensor], num_subspaces: int) -> Tensor:
    """h̃[m, s] = Σ_{n, r} α[(m, s), (n, r)] · h[n, r], alike in both directions (Ruder et al. 2019, equation 2).

    Args:
        alpha: (m·S, n·S), target subspaces by source subspaces.
        h_NTBH: n times (T, B, 2H), forward units first; a subspace is the same slice of units in both directions.
        num_subspaces: S.

    Returns:
        (m, T, B, 2H).
    """
    steps, batch, width = h_NTBH[0].shape
    subspace = width // 2 // num_subspaces
    units = (steps, batch, 2, num_subspaces, subspace)
    sources = torch.stack([h_TBH.view(units).permute(3, 0, 1, 2, 4) for h_TBH in h_NTBH])
    mixed = alpha @ sources.view(len(h_NTBH) * num_subspaces, -1)
    mixed = mixed.view(-1, num_subspaces, steps, batch, 2, subspace).permute(0, 2, 3, 4, 1, 5)
    return mixed.reshape(-1, steps, batch, width)


def mix_layers(beta_K: Tensor, states_TBH: Sequence[Tensor]) -> Tensor:
    """h̃ = Σ_k β[k] · h̃[k] (Ruder et al. 2019, equation 3).

    Args:
        beta_K: one weight per state.
        states_TBH: one state (T, B, 2H) per layer.
    """
    return torch.stack([weight * state for weight, state in zip(beta_K.unbind(), states_TBH, strict=True)]).sum(0)
