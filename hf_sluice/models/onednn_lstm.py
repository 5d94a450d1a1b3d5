"""LSTM layers on a CPU by oneDNN's kernels: one call per network and direction, and nothing reversed in memory.

The kernels can begin at the last step, but there short sentences have padding. So that padding changes no state, inputs
get one number more, 1 at padding and 0 at words, which closes input and forget gate: state and cell are then 0 whatever
else stands there, to the bit, and so are the gradients. Where a batch has no padding, inputs stay as they are.
"""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .first_gradient import refuse_further_gradients
from .onednn_recurrence import KeptStates, OneDnnRecurrence
from .side_by_side import side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lstm_weights import LstmWeights
    from .time_reversal import TimeReversal

_CLOSED = -1e30  # the argument of a gate whose sigmoid is to be 0
_KEPT = len(KeptStates._fields)


def has_onednn_lstm(x: Tensor, dtype: torch.dtype) -> bool:
    """Whether there are kernels for a type of numbers here, and something for them to do."""
    if x.device.type != "cpu" or not x.numel() or torch.jit.is_tracing() or torch.compiler.is_compiling():
        return False
    if not (torch.backends.mkldnn.is_available() and torch.backends.mkldnn.enabled):
        return False
    if not (hasattr(torch.ops.aten, "mkldnn_rnn_layer") and hasattr(torch.ops.aten, "mkldnn_rnn_layer_backward")):
        return False
    if dtype == torch.bfloat16:
        return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001
    return dtype == torch.float32


def onednn_lstm(
    inputs: Sequence[Tensor],
    reversal: TimeReversal,
    weights: LstmWeights,
    networks: Sequence[int],
    dtype: torch.dtype,
) -> list[Tensor]:
    """Runs some networks, each on its own input or all on one; see ``ParallelBiLSTM``. States at padding are 0.

    Args:
        inputs: likewise.
        reversal: likewise; only its lengths are needed.
        weights: likewise.
        networks: likewise.
        dtype: what to compute in; see :func:`has_onednn_lstm`.
    """
    keep = torch.is_grad_enabled()
    with torch.autocast("cpu", enabled=False):
        return list(_Layer.apply(*weights.of_networks(networks), reversal.padding_TB, dtype, keep, *inputs))


class _Layer(torch.autograd.Function):
    """Weights as in ``LstmWeights`` and inputs (T, B, D), one or N → N times (T, B, 2H)."""

    @staticmethod
    def forward(
        ctx: Any,
        weight_ih: Tensor,
        weight_hh: Tensor,
        bias: Tensor,
        padding_TB: Tensor | None,
        dtype: torch.dtype,
        keep: bool,
        *inputs: Tensor,
    ) -> tuple[Tensor, ...]:
        tensors = [
            _closing_gates(weight_ih, dtype, closes=padding_TB is not None),
            weight_hh.detach().to(dtype).contiguous(),
            bias.detach().to(dtype).contiguous(),
            *(_with_padding(x_TBD, padding_TB, dtype) for x_TBD in inputs),
        ]
        recurrences = _recurrences(tensors)
        kept = side_by_side([partial(of_one.forward, keep=keep) for of_one in recurrences], recurrences[0].work)
        if keep:
            ctx.save_for_backward(*tensors, *(tensor for of_one in kept for tensor in of_one))
            ctx.num_inputs = len(inputs)
            ctx.dtypes = [tensor.dtype for tensor in (weight_ih, weight_hh, bias, *inputs)]
            ctx.widths = [tensor.shape[-1] for tensor in (weight_ih, weight_hh, bias)]
        halves = [of_one.states for of_one in kept]
        return tuple(torch.cat(pair, dim=-1) for pair in zip(halves[::2], halves[1::2], strict=True))

    @staticmethod
    def backward(ctx: Any, *gradients_TBH: Tensor) -> tuple[Tensor | None, ...]:
        refuse_further_gradients("LSTM")
        first_kept = 3 + ctx.num_inputs
        tensors, kept = ctx.saved_tensors[:first_kept], ctx.saved_tensors[first_kept:]
        halves = [half.contiguous() for g_TBH in gradients_TBH for half in g_TBH.chunk(2, dim=-1)]
        of_weights = [
            torch.empty(*weight.shape[:-1], width, dtype=dtype)
            for weight, width, dtype in zip(tensors, ctx.widths, ctx.dtypes, strict=False)
        ]
        recurrences = _recurrences(tensors)
        slots = list(zip(*(weight.flatten(0, 1).unbind() for weight in of_weights), strict=True))

        def gradients_of(number: int) -> Tensor:
            """Writes the weights' gradients of a recurrence, and gives the input's."""
            states = KeptStates(*kept[number * _KEPT : (number + 1) * _KEPT])
            with torch.no_grad():
                of_input, *found = recurrences[number].backward(states, halves[number])
                for slot, gradient in zip(slots[number], found, strict=True):
                    slot.copy_(gradient[..., : slot.shape[-1]])
            return of_input[..., : ctx.widths[0]]

        pieces = [partial(gradients_of, number) for number in range(len(recurrences))]
        terms = side_by_side(pieces, 2 * recurrences[0].work)
        of_inputs = [terms] if ctx.num_inputs == 1 else [terms[i : i + 2] for i in range(0, len(terms), 2)]
        sums = [reduce(torch.add, of_one).to(dtype) for of_one, dtype in zip(of_inputs, ctx.dtypes[3:], strict=True)]
        return *of_weights, None, None, None, *sums


def _recurrences(tensors: Sequence[Tensor]) -> list[OneDnnRecurrence]:
    """Network by network, the one that reads forward first."""
    weight_ih, weight_hh, bias, *inputs = tensors
    zero = weight_hh.new_zeros(1, inputs[0].shape[1], weight_hh.shape[-1])
    no_bias = torch.zeros_like(bias[0, 0])
    rows = zip(*(weight.flatten(0, 1).unbind() for weight in (weight_ih, weight_hh, bias)), strict=True)
    return [
        OneDnnRecurrence(inputs[row // 2 % len(inputs)], w_ih, w_hh, b, no_bias, zero, from_last=bool(row % 2))
        for row, (w_ih, w_hh, b) in enumerate(rows)
    ]


def _with_padding(x_TBD: Tensor, padding_TB: Tensor | None, dtype: torch.dtype) -> Tensor:
    """What the kernels read: (T, B, D), or where there is padding (T, B, D + 1)."""
    if padding_TB is None:
        return x_TBD.detach().to(dtype).contiguous()
    return _one_wider(x_TBD, padding_TB, dtype)


def _closing_gates(weight_ih: Tensor, dtype: torch.dtype, *, closes: bool) -> Tensor:
    """Input weights (N, 2, 4H, D), or with those for padding (N, 2, 4H, D + 1)."""
    if not closes:
        return weight_ih.detach().to(dtype).contiguous()
    rows = weight_ih.shape[-2]
    closing_G = torch.zeros(rows, dtype=dtype)
    closing_G[: rows // 2] = _CLOSED  # input and forget gate come first
    return _one_wider(weight_ih, closing_G, dtype)


def _one_wider(x: Tensor, last: Tensor, dtype: torch.dtype) -> Tensor:
    wider = x.new_empty(*x.shape[:-1], x.shape[-1] + 1, dtype=dtype)
    wider[..., :-1] = x.detach()
    wider[..., -1] = last
    return wider
