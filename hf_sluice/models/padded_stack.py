"""Tensors of different sizes side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from collections.abc import Sequence


class _PaddedStack(torch.autograd.Function):
    """One copy of all parts, and none on the way back: their gradients are views of one tensor."""

    @staticmethod
    def forward(ctx: Any, fill: float, *parts: Tensor) -> Tensor:
        sizes = tuple(map(max, zip(*(part.shape for part in parts), strict=True)))
        ctx.places = [(row, *map(slice, part.shape)) for row, part in enumerate(parts)]
        stacked = parts[0].new_full((len(parts), *sizes), fill)
        torch._foreach_copy_([stacked[place] for place in ctx.places], list(parts))
        return stacked

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        return None, *(gradient[place] for place in ctx.places)


def padded_stack(parts: Sequence[Tensor], fill: float) -> Tensor:
    """Stacks tensors that differ in size; what lies beyond a tensor is filled up, and has no gradient.

    Args:
        parts: of the same number of dimensions and the same type, at least one.
        fill: what stands where a part has nothing.

    Returns:
        (parts, …), each dimension as large as that of the largest part.
    """
    if len({part.shape for part in parts}) == 1:
        return torch.stack(list(parts))
    return _PaddedStack.apply(fill, *parts)
