"""Sentences read backwards within a right-padded batch."""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor


class _Involution(torch.autograd.Function):
    """Reorders rows by a permutation that is its own inverse: the gradient takes the same way back.

    A plain ``index_select`` would send the gradient through ``index_add``, several times slower on a CPU.
    """

    @staticmethod
    def forward(x: Tensor, index: Tensor) -> Tensor:
        return x.index_select(0, index)

    @staticmethod
    def setup_context(ctx: torch.autograd.function.FunctionCtx, inputs: tuple[Tensor, Tensor], output: Tensor) -> None:  # noqa: ARG004
        ctx.save_for_backward(inputs[1])

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, gradient: Tensor) -> tuple[Tensor, None]:
        (index,) = ctx.saved_tensors  # type: ignore[attr-defined]
        return _Involution.apply(gradient, index), None


class TimeReversal:
    """Reverses each sentence of a right-padded batch within its own length; padding stays where it is.

    Args:
        lengths_B: number of tokens of each sentence, int64.
        num_steps: T, the padded length.
    """

    def __init__(self, lengths_B: Tensor, num_steps: int) -> None:
        self.lengths_B = lengths_B
        self._step_T1 = torch.arange(num_steps, device=lengths_B.device)[:, None]

    @cached_property
    def padding_TB(self) -> Tensor | None:  # noqa: N802
        """Where padding stands; None where there is none at all."""
        padding_TB = self._step_T1 >= self.lengths_B
        return padding_TB if bool(padding_TB.any()) else None

    @cached_property
    def _index(self) -> Tensor:
        """From which row each of T·B comes."""
        mirrored_TB = self.lengths_B - 1 - self._step_T1
        source_TB = torch.where(mirrored_TB >= 0, mirrored_TB, self._step_T1)
        batch = self.lengths_B.shape[0]
        return (source_TB * batch + torch.arange(batch, device=source_TB.device)).flatten()

    def __call__(self, x_TBD: Tensor) -> Tensor:
        """Reverses (T, B, D) in time; applied twice it is the identity."""
        return _Involution.apply(x_TBD.flatten(0, 1), self._index).view(x_TBD.shape)
