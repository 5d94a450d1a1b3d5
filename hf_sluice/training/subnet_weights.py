"""A parameter of which tasks train parts: cut into blocks that an optimiser takes for parameters of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Weights that belong to the same subnets, side by side.

    Args:
        members: numbers of the subnets to which the weights belong.
        index: where the weights stand in the flattened parameter, (n,).
        weights: what the optimiser moves, (n,).
    """

    members: frozenset[int]
    index: Tensor
    weights: nn.Parameter


class SubnetWeights:
    """Lends an optimiser the weights of a parameter that a step may move; it never sees the others.

    Each block has an optimiser's state of its own, step counts included. A dense step that is undone by ``where`` takes
    two to four times as long, and moves that state.

    Args:
        parameter: contiguous.
        masks: per subnet which weights belong to it, bool, of the parameter's shape.
    """

    def __init__(self, parameter: nn.Parameter, masks: Sequence[Tensor]) -> None:
        self._parameter = parameter
        cells = torch.zeros(parameter.numel(), dtype=torch.int64, device=parameter.device)
        members = [frozenset[int]()]  # per cell, the subnets to which its weights belong
        for number, mask in enumerate(masks):
            found, cells = torch.unique(2 * cells + mask.flatten().to(cells.device), return_inverse=True)
            members = [members[code // 2] | ({number} if code % 2 else set()) for code in found.tolist()]
        self._blocks = [self._block(of, (cells == cell).nonzero().squeeze(1)) for cell, of in enumerate(members) if of]

    def blocks(self) -> Iterator[nn.Parameter]:
        """What an optimiser moves in place of the parameter; without a gradient but between lending and taking back."""
        return (block.weights for block in self._blocks)

    @torch.no_grad()
    def lend(self, subnets: frozenset[int]) -> None:
        """Copies values and gradients of the weights that belong to at least one of the subnets into their blocks."""
        if self._parameter.grad is None:
            return
        values, gradients = self._flat(), self._parameter.grad.flatten()
        for block in self._blocks:
            if block.members & subnets:
                block.weights.data = values.index_select(0, block.index)
                block.weights.grad = gradients.index_select(0, block.index)

    @torch.no_grad()
    def take_back(self) -> None:
        """Writes the weights that were lent where they belong."""
        values = self._flat()
        for block in self._blocks:
            if block.weights.grad is not None:
                values.index_copy_(0, block.index, block.weights.data)
                block.weights.grad = None

    def forget_gradient(self) -> None:
        """Clears the gradient of the parameter."""
        self._parameter.grad = None

    def _block(self, members: frozenset[int], index: Tensor) -> _Block:
        return _Block(members, index, nn.Parameter(self._flat().index_select(0, index)))

    def _flat(self) -> Tensor:
        return self._parameter.detach().view(-1)
