"""One direction of one network of an LSTM layer by oneDNN's kernels, forward and backward, as torch has them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

_LSTM = 2  # the operators' number for it


class KeptStates(NamedTuple):
    """What a forward pass leaves: states (T, B, H), the last states and cells, and what the kernel notes for itself."""

    states: Tensor
    last_states: Tensor
    last_cells: Tensor
    workspace: Tensor


class RecurrenceGradients(NamedTuple):
    """Of the input (T, B, D) and of the weights, in float32 also where bfloat16 is computed with."""

    x: Tensor
    weight_ih: Tensor
    weight_hh: Tensor
    bias: Tensor


class OneDnnRecurrence(NamedTuple):
    """A recurrence from a zero state over all steps of a batch; its tensors are of one type of numbers.

    Args:
        x: (T, B, D).
        weight_ih: (4H, D).
        weight_hh: (4H, H).
        bias: (4H,).
        no_bias: zeros, (4H,): the operators take two biases.
        zero: zeros, (1, B, H).
        from_last: whether it begins at the last step; each state stands at its step either way.
    """

    x: Tensor
    weight_ih: Tensor
    weight_hh: Tensor
    bias: Tensor
    no_bias: Tensor
    zero: Tensor
    from_last: bool

    @property
    def work(self) -> int:
        """Multiplications of the forward pass."""
        return self.x.shape[0] * self.x.shape[1] * (self.weight_ih.numel() + self.weight_hh.numel())

    def forward(self, *, keep: bool) -> KeptStates:
        """Computes the states.

        Args:
            keep: whether :meth:`backward` is to follow.
        """
        hidden = self.weight_hh.shape[1]
        with torch.set_grad_enabled(keep):  # by which the operator decides whether it takes notes
            return KeptStates(
                *torch.ops.aten.mkldnn_rnn_layer(
                    *self._tensors(), self.from_last, [], _LSTM, hidden, 1, True, False, False, keep
                )
            )

    def backward(self, kept: KeptStates, gradient_TBH: Tensor) -> RecurrenceGradients:
        """Computes the gradients from that of the states."""
        hidden = self.weight_hh.shape[1]
        x, weight_ih, weight_hh, bias, *_ = torch.ops.aten.mkldnn_rnn_layer_backward(
            *self._tensors(), *kept[:3], gradient_TBH, self.zero, self.zero,
            self.from_last, _LSTM, hidden, 1, True, True, False, [], False, kept.workspace,
        )  # fmt: skip
        return RecurrenceGradients(x, weight_ih, weight_hh, bias)

    def _tensors(self) -> tuple[Tensor, ...]:
        return self.x, self.weight_ih, self.weight_hh, self.bias, self.no_bias, self.zero, self.zero
