"""LSTM layers by the framework's fused kernels, one call per network and direction: oneDNN on a CPU, cuDNN on a GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .lstm_precision import computing_dtype
from .onednn_lstm import has_onednn_lstm, onednn_lstm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lstm_weights import LstmWeights
    from .time_reversal import TimeReversal


def fused_lstm(
    inputs: Sequence[Tensor], reversal: TimeReversal, weights: LstmWeights, networks: Sequence[int]
) -> list[Tensor]:
    """Runs some networks, each on its own input or all on one; see ``ParallelBiLSTM``."""
    for dtype in (computing_dtype(inputs[0].device, weights), weights.weight_hh.dtype):
        if has_onednn_lstm(inputs[0], dtype):
            return onednn_lstm(inputs, reversal, weights, networks, dtype)
    # Taken apart and not indexed, which would copy them.
    rows = [weight.flatten(0, 1).unbind() for weight in weights]
    reversed_inputs = [reversal(x) for x in inputs]
    states = []
    for position, network in enumerate(networks):
        source = position if len(inputs) > 1 else 0
        forward = _recurrence(inputs[source], *(of_rows[2 * network] for of_rows in rows))
        backward = _recurrence(reversed_inputs[source], *(of_rows[2 * network + 1] for of_rows in rows))
        states.append(torch.cat((forward, reversal(backward)), dim=-1))
    return states


def _recurrence(x_TBD: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor) -> Tensor:
    """One direction of one network over (T, B, D) from a zero state: (T, B, H)."""
    if x_TBD.device.type != "cpu" or _autocast_has_kernel():
        return _fused_recurrence(x_TBD, weight_ih, weight_hh, bias)
    with torch.autocast("cpu", enabled=False):
        return _fused_recurrence(x_TBD.to(weight_ih.dtype), weight_ih, weight_hh, bias)


def _autocast_has_kernel() -> bool:
    """False where autocast would ask for a recurrence that the CPU has no kernel for, which raises.

    So it is on x86 without AVX-512, and everywhere in float16; ``nn.LSTM`` raises there, too.
    """
    if not (torch.is_autocast_enabled("cpu") and torch.backends.mkldnn.is_available()):
        return True
    return torch.get_autocast_dtype("cpu") == torch.bfloat16 and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001


def _fused_recurrence(x_TBD: Tensor, weight_ih: Tensor, weight_hh: Tensor, bias: Tensor) -> Tensor:
    zero_1BH = x_TBD.new_zeros(1, x_TBD.shape[1], weight_hh.shape[1])
    weights = [weight_ih, weight_hh, bias, torch.zeros_like(bias)]
    training = torch.is_grad_enabled()
    output, _, _ = torch._VF.lstm(x_TBD, (zero_1BH, zero_1BH), weights, True, 1, 0.0, training, False, False)  # noqa: SLF001
    return output
