"""LSTM layers as Triton kernels: all networks and directions of a layer in one launch, forward and backward.

Every program runs one recurrence (one direction of one network) over a tile of the batch from the first step to the
last. What is not recurrent is left to the framework as products over all steps at once: the projections of the input
and the gradients of weights and inputs. Nothing is reversed in memory: the backward direction begins at each sentence's
last word, and reads and writes where the forward direction does. States at padding are 0.

What is kept for the backward pass are the activated gates, which take the place of the projections, and the cells: 5H
numbers for every word and recurrence. Computing the gates anew would save 4H of them, at the price of one more product
with all weights for each step.

Products are made of the numbers that are given, float32 with the precision that cuDNN's recurrences have
(``torch.backends.cudnn.rnn.fp32_precision``, tf32 unless it is changed); sums, cells and what becomes of gates within a
step are float32.

What limits it: steps follow one another, and each has to see all of W_hh. In half precision up to H = 128, in float32
up to H = 64, the weights (units filled up to a power of two) stay in shared memory for the whole launch: 128 kB of the
227 kB that a program may have on an H100. Larger ones are read again by each step, in blocks; 160 kB, which is float32
at H = 100, fit into the first-level cache of an H100 beside the blocks, larger ones come from the second level. The
number of programs is 2N·⌈B / tile⌉: small models and batches leave most of a GPU idle, and the longest sentence of a
batch sets the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from .lstm_precision import computing_dtype
from .triton_language import triton
from .triton_launch import Launch, plan_launch
from .triton_lstm_backward import backward_kernel
from .triton_lstm_forward import forward_kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lstm_weights import LstmWeights
    from .time_reversal import TimeReversal

_OF_AN_INTERPRETER = (227 * 1024, 132)  # those of an H100


def triton_lstm(
    inputs: Sequence[Tensor], reversal: TimeReversal, weights: LstmWeights, networks: Sequence[int]
) -> list[Tensor]:
    """Runs some networks, each on its own input or all on one; see ``ParallelBiLSTM``."""
    dtype, device = computing_dtype(inputs[0].device, weights), inputs[0].device.type
    weights = weights.of_networks(networks).to(dtype)
    with torch.autocast(device, enabled=False):
        x_ITBD = torch.stack([x.to(dtype) for x in inputs])
        states_NTBH = _Recurrences.apply(x_ITBD, *weights, reversal.lengths_B, torch.is_grad_enabled())
    return list(states_NTBH.unbind())


class _Recurrences(torch.autograd.Function):
    """(I, T, B, D) → (N, T, B, 2H); what follows from the weights' types is as in ``LstmWeights``."""

    @staticmethod
    def forward(
        ctx: Any,
        x_ITBD: Tensor,
        weight_ih: Tensor,
        weight_hh: Tensor,
        bias: Tensor,
        lengths_B: Tensor,
        keep: bool,
    ) -> Tensor:
        inputs, steps, batch, width = x_ITBD.shape
        networks, directions, of_gates, hidden = weight_hh.shape
        x_IXD, weight_hh, lengths_B = x_ITBD.flatten(1, 2), weight_hh.contiguous(), lengths_B.contiguous()
        weight_IDG = weight_ih.reshape(inputs, -1, width).transpose(1, 2)
        gates = torch.baddbmm(bias.reshape(inputs, 1, -1), x_IXD, weight_IDG)  # (I, T·B, P·4H)
        states = x_ITBD.new_empty(networks, steps, batch, directions * hidden)
        cells = states.new_empty(states.shape if keep else (0,), dtype=torch.float32)
        launch = plan_launch(hidden, batch, networks * directions, states.element_size(), *room_on(states.device))
        with torch.cuda.device_of(states):
            forward_kernel[_grid(launch, networks * directions, batch)](
                gates, cells, states, weight_hh, lengths_B, steps, batch,
                KEEP=keep, **_settings(launch, gates, of_gates, hidden),
            )  # fmt: skip
        if keep:
            ctx.save_for_backward(x_ITBD, weight_ih, weight_hh, gates, cells, states, lengths_B)
            ctx.launch = launch
        return states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_states: Tensor) -> tuple[Tensor | None, ...]:
        x_ITBD, weight_ih, weight_hh, gates, cells, states, lengths_B = ctx.saved_tensors
        (inputs, steps, batch, width), (networks, directions, of_gates, hidden) = x_ITBD.shape, weight_hh.shape
        d_gates = torch.empty_like(gates)  # not in place of the gates: there may be another backward pass
        with torch.cuda.device_of(states):
            backward_kernel[_grid(ctx.launch, networks * directions, batch)](
                d_gates, d_states.contiguous(), gates, cells, weight_hh, lengths_B, steps, batch,
                **_settings(ctx.launch, gates, of_gates, hidden),
            )  # fmt: skip
        weight_IGD = weight_ih.reshape(inputs, -1, width)
        d_x = torch.bmm(d_gates, weight_IGD).view_as(x_ITBD) if ctx.needs_input_grad[0] else None
        d_weight_ih = torch.bmm(d_gates.transpose(1, 2), x_ITBD.flatten(1, 2)).view(weight_ih.shape)
        d_bias = d_gates.sum(1).view(networks, directions, of_gates)
        return d_x, d_weight_ih, _recurrent_gradient(d_gates, states, weight_hh), d_bias, None, None


def _recurrent_gradient(d_gates: Tensor, states: Tensor, weight_hh: Tensor) -> Tensor:
    """Σ over words of dgates · hᵀ, h being the state before the word; it is 0 before the first, as at padding."""
    networks, _, of_gates, hidden = weight_hh.shape
    inputs, batch = len(d_gates), states.shape[2]
    by_direction = d_gates.view(inputs, -1, networks // inputs, 2, of_gates).transpose(1, 2).flatten(0, 1)
    states_NX2H = states.view(networks, -1, 2, hidden)
    forward = by_direction[:, batch:, 0].transpose(1, 2) @ states_NX2H[:, :-batch, 0]
    backward = by_direction[:, :-batch, 1].transpose(1, 2) @ states_NX2H[:, batch:, 1]
    return torch.stack((forward, backward), dim=1)


def _grid(launch: Launch, recurrences: int, batch: int) -> tuple[int, int]:
    return recurrences, -(-batch // launch.tile)


def _settings(launch: Launch, gates: Tensor, of_gates: int, hidden: int) -> dict[str, Any]:
    """What both kernels are compiled for."""
    return {
        "READERS": gates.shape[-1] // of_gates,
        "HIDDEN": hidden,
        "BLOCK_B": launch.tile,
        "BLOCK_H": launch.block_h,
        "BLOCK_K": launch.block_k,
        "RESIDENT": launch.resident,
        "PRECISION": _precision(gates.device),
        "num_warps": launch.warps,
        "num_stages": 1,
    }


def _precision(device: torch.device) -> str:
    if device.type != "cuda":
        return "interpreted"
    # Three products of tf32 are as good as one of float32.
    return "tf32x3" if torch.backends.cudnn.rnn.fp32_precision == "ieee" else "tf32"  # type: ignore[attr-defined]


def room_on(device: torch.device) -> tuple[int, int]:
    """Bytes of shared memory that a program may have, and how many programs run at once."""
    if device.type != "cuda":
        return _OF_AN_INTERPRETER
    index = torch.cuda.current_device() if device.index is None else device.index
    properties = triton.runtime.driver.active.utils.get_device_properties(index)
    return properties["max_shared_mem"], properties["multiprocessor_count"]
