"""The weights of one bidirectional LSTM layer of several networks, as every way of computing it takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from torch import Tensor


class LstmWeights(NamedTuple):
    """Direction 0 reads forward, 1 backward; gates stand in the order input, forget, cell, output.

    Args:
        weight_ih: (N, 2, 4H, D).
        weight_hh: (N, 2, 4H, H).
        bias: (N, 2, 4H).
    """

    weight_ih: Tensor
    weight_hh: Tensor
    bias: Tensor

    @property
    def hidden_size(self) -> int:
        """H, per direction."""
        return self.weight_hh.shape[-1]

    def of_networks(self, networks: Sequence[int]) -> LstmWeights:
        """Those of some networks, in their order; copied unless these are all."""
        if list(networks) == list(range(len(self.weight_hh))):
            return self
        return LstmWeights(*(weight[list(networks)] for weight in self))

    def to(self, dtype: torch.dtype) -> LstmWeights:
        """In another type of numbers."""
        return LstmWeights(*(weight.to(dtype) for weight in self))
