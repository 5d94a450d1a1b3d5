"""Initial values of the stock and the recurrent layers of every tagger here.

Everything is written by whole-tensor functions of ``transformers.initialization``, which spare what was loaded.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from transformers import initialization as init

if TYPE_CHECKING:
    from .character_encoders import CharacterConvolution
    from .crf import LinearChainCrf
    from .parallel_lstm import ParallelBiLSTM


@torch.no_grad()
def initialise_embedding(module: nn.Embedding) -> None:
    """Uniform with variance 1/width; the padding row is zero."""
    bound = math.sqrt(3 / module.embedding_dim)
    values = torch.empty_like(module.weight).uniform_(-bound, bound)
    if module.padding_idx is not None:
        values[module.padding_idx] = 0
    init.copy_(module.weight, values)


@torch.no_grad()
def initialise_linear(module: nn.Linear) -> None:
    """Glorot uniform weights, zero bias."""
    init.xavier_uniform_(module.weight)
    init.zeros_(module.bias)


@torch.no_grad()
def initialise_parallel_lstm(module: ParallelBiLSTM) -> None:
    """Per network, direction and gate: Glorot uniform input weights, orthogonal recurrent weights, forget bias 1."""
    hidden, width = module.hidden_size, module.weight_ih.shape[-1]
    bound = math.sqrt(6 / (hidden + width))
    init.uniform_(module.weight_ih, -bound, bound)
    recurrent = torch.empty_like(module.weight_hh, dtype=torch.float32)
    for gate in recurrent.view(-1, hidden, hidden).unbind():
        nn.init.orthogonal_(gate)
    init.copy_(module.weight_hh, recurrent)
    bias = torch.zeros_like(module.bias)
    bias[..., hidden : 2 * hidden] = 1
    init.copy_(module.bias, bias)


@torch.no_grad()
def initialise_convolution(module: CharacterConvolution) -> None:
    """Glorot uniform filters, zero bias."""
    init.xavier_uniform_(module.weight)
    init.zeros_(module.bias)


@torch.no_grad()
def initialise_crf(module: LinearChainCrf) -> None:
    """Zero: labels start out independent of each other, as with a softmax for each token."""
    for scores in (module.transitions, module.start, module.end):
        init.zeros_(scores)
