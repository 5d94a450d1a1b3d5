"""Whether Triton's kernels compute on a GPU what they should: a small layer beside the equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .lstm_weights import LstmWeights
from .stacked_lstm import stacked_lstm
from .time_reversal import TimeReversal
from .triton_language import triton
from .triton_lstm import triton_lstm

if TYPE_CHECKING:
    from .recurrent_backends import RecurrentBackend

_LENGTHS = (5, 1, 3)
_WIDTH = 16
_TOLERANCE = 0.05  # of the largest number; half precision stays within a third of it, and mistakes do not


def triton_fault(device: torch.device, dtype: torch.dtype, hidden_size: int) -> str | None:
    """What is wrong with the kernels here, None where outputs and gradients are those of the equations.

    Args:
        device: a GPU.
        dtype: what the layer is computed in.
        hidden_size: H; the kernels of a run are compiled for it here.
    """
    try:
        with torch.inference_mode(mode=False), torch.enable_grad(), torch.autocast(device.type, enabled=False):
            results = [_results(backend, device, dtype, hidden_size) for backend in (triton_lstm, stacked_lstm)]
    except (RuntimeError, triton.TritonError) as error:
        return f"its kernels do not run here ({str(error).strip().splitlines()[0]})"
    if all(_is_close(got, expected) for got, expected in zip(*results, strict=True)):
        return None
    return "its kernels compute something else here"


def _results(backend: RecurrentBackend, device: torch.device, dtype: torch.dtype, hidden_size: int) -> list[Tensor]:
    """Outputs at words, and the gradients of input and weights."""
    random = torch.Generator().manual_seed(0)  # not that of the run, which nothing may disturb
    steps, batch = max(_LENGTHS), len(_LENGTHS)
    rows = (1, 2, 4 * hidden_size)
    shapes: list[tuple[int, ...]] = [(steps, batch, _WIDTH), (*rows, _WIDTH), (*rows, hidden_size), rows]
    scale = hidden_size**-0.5
    x_TBD, *weights = (
        (torch.randn(shape, generator=random) * scale).to(device, dtype).requires_grad_() for shape in shapes
    )
    lengths_B = torch.tensor(_LENGTHS, device=device)
    (states_TBH,) = backend([x_TBD], TimeReversal(lengths_B, steps), LstmWeights(*weights), [0])
    is_word_TB1 = (torch.arange(steps, device=device)[:, None] < lengths_B)[..., None]
    at_words = states_TBH.float() * is_word_TB1
    return [at_words.detach(), *torch.autograd.grad(at_words.square().sum(), [x_TBD, *weights])]


def _is_close(got: Tensor, expected: Tensor) -> bool:
    return bool((got - expected).abs().max() <= _TOLERANCE * expected.abs().max())
