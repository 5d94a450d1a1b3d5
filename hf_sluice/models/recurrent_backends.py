"""Which way LSTM layers are computed: what is asked for, or what is quickest of that which can be had.

Every way computes the same function of the same weights, in the sense of its type of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TypeAlias

import torch
from torch import Tensor
from transformers.utils import logging

from .fused_lstm import fused_lstm
from .lstm_weights import LstmWeights
from .stacked_lstm import stacked_lstm
from .time_reversal import TimeReversal
from .triton_launch import LARGEST_HIDDEN_SIZE

RecurrentBackend: TypeAlias = Callable[[Sequence[Tensor], TimeReversal, LstmWeights, Sequence[int]], list[Tensor]]
"""Takes inputs, the batch's reversal, weights and the networks to run, as ``ParallelBiLSTM`` does."""

_TRITON_DTYPES = (torch.float32, torch.bfloat16, torch.float16)
_OLDEST_GPU = (8, 0)  # compute capability: the first whose tensor cores know tf32 and bf16

logger = logging.get_logger(__name__)


def choose_backend(name: str, device: torch.device, dtype: torch.dtype, hidden_size: int) -> str:
    """Which of ``fused``, ``stacked`` and ``triton`` computes a layer.

    Where nobody chose, Triton is taken on a GPU on which it has just been seen to compute what it should. Where it
    cannot be, a warning says so once.

    Args:
        name: one of these, or ``auto``.
        device: where the layer is computed.
        dtype: what in, autocast counted in.
        hidden_size: H.

    Raises:
        ValueError: an explicit choice that is impossible here; one line that says why.
    """
    if name == "triton":
        obstacle = triton_obstacle(device, dtype, hidden_size)
        if obstacle is not None:
            raise ValueError(f"recurrent_backend 'triton' is impossible: {obstacle}; 'auto' takes what is possible")
        return name
    if name != "auto":
        return name
    return _quickest_on_gpu(device, dtype, hidden_size) if device.type == "cuda" else "fused"


def backend_function(name: str) -> RecurrentBackend:
    """What computes layers, by the name that :func:`choose_backend` gave."""
    if name == "triton":
        from .triton_lstm import triton_lstm

        return triton_lstm
    return stacked_lstm if name == "stacked" else fused_lstm


@cache
def triton_obstacle(device: torch.device, dtype: torch.dtype, hidden_size: int) -> str | None:
    """Why layers cannot be computed by Triton, None where they can be."""
    if device.type != "cuda":
        return f"it needs a GPU, and the model is on {device.type}"
    if torch.cuda.get_device_capability(device) < _OLDEST_GPU:
        return "it needs a GPU of compute capability {}.{} or more".format(*_OLDEST_GPU)
    if find_spec("triton") is None:
        return "the package triton is not installed"
    if dtype not in _TRITON_DTYPES:
        return f"it does not compute in {str(dtype).removeprefix('torch.')}"
    if hidden_size > LARGEST_HIDDEN_SIZE:
        return f"it takes up to {LARGEST_HIDDEN_SIZE} units, not {hidden_size}"
    return None


@cache
def _quickest_on_gpu(device: torch.device, dtype: torch.dtype, hidden_size: int) -> str:
    obstacle = triton_obstacle(device, dtype, hidden_size)
    if obstacle is None:
        from .triton_check import triton_fault

        obstacle = triton_fault(device, dtype, hidden_size)
    if obstacle is None:
        return "triton"
    logger.warning(f"recurrent_backend: 'fused' in place of 'triton': {obstacle}")
    return "fused"
