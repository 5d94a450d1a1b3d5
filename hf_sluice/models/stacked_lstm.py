"""LSTM layers by their equations: a loop over time, every step one batched product for all networks and directions.

It runs wherever torch does, in every type of numbers. The other ways of computing are held against it, and where they
cannot be had it stands in for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .lstm_precision import computing_dtype, state_dtype

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lstm_weights import LstmWeights
    from .time_reversal import TimeReversal


def stacked_lstm(
    inputs: Sequence[Tensor], reversal: TimeReversal, weights: LstmWeights, networks: Sequence[int]
) -> list[Tensor]:
    """Runs some networks, each on its own input or all on one; see ``ParallelBiLSTM``."""
    dtype, device = computing_dtype(inputs[0].device, weights), inputs[0].device.type
    weights = weights.of_networks(networks).to(dtype)
    with torch.autocast(device, enabled=False):
        orders = [torch.stack(list(inputs)), torch.stack([reversal(x) for x in inputs])]
        gates_N2TBG = torch.stack(
            [
                _projections(x_ITBD.to(dtype), weights.weight_ih[:, direction], weights.bias[:, direction])
                for direction, x_ITBD in enumerate(orders)
            ],
            dim=1,
        )
        states_RTBH = _recurrences(gates_N2TBG.flatten(0, 1), weights.weight_hh.flatten(0, 1))
        forward, backward = states_RTBH.unflatten(0, (-1, 2)).unbind(1)
        return [torch.cat((f, reversal(b)), dim=-1) for f, b in zip(forward, backward, strict=True)]


def _projections(x_ITBD: Tensor, weight_NGD: Tensor, bias_NG: Tensor) -> Tensor:
    """What the gates get from the input, G being 4H: (N, T, B, G)."""
    steps = x_ITBD.shape[1:3]
    projected = x_ITBD.flatten(1, 2) @ weight_NGD.transpose(1, 2) + bias_NG[:, None]
    return projected.unflatten(1, steps)


def _recurrences(gates_RTBG: Tensor, weight_RGH: Tensor) -> Tensor:
    """R recurrences from a zero state: (R, T, B, H).

    i, f, o = σ(…), g = tanh(…), c ← f·c + i·g, h = o·tanh(c), the arguments being input + W·h.
    """
    dtype = gates_RTBG.dtype
    weight_RHG = weight_RGH.transpose(1, 2)
    state_RBH = gates_RTBG.new_zeros(*gates_RTBG[:, 0].shape[:-1], weight_RGH.shape[-1])
    cell_RBH = state_RBH.to(state_dtype(dtype))
    states = []
    for gates_RBG in gates_RTBG.unbind(1):
        gates = gates_RBG.to(cell_RBH.dtype) + (state_RBH @ weight_RHG).to(cell_RBH.dtype)
        i, f, g, o = gates.chunk(4, dim=-1)
        cell_RBH = f.sigmoid() * cell_RBH + i.sigmoid() * g.tanh()
        state_RBH = (o.sigmoid() * cell_RBH.tanh()).to(dtype)
        states.append(state_RBH)
    return torch.stack(states, dim=1)
