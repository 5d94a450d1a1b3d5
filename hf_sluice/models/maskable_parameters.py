"""Which parameters of a sparse-sharing model can be masked: recurrent and convolution weights (Sun et al. 2020).

Embeddings, biases and output layers are every task's ("Details in Subnets Generation").
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .configuration_tagger import TaggerConfig

CHARACTERS = "words.characters."


def layer_prefix(layer: int) -> str:
    """What the names of a layer's parameters begin with; layers are counted from 0."""
    return f"layers.{layer}."


def stage_prefix(stage: int) -> str:
    """What the names of a stage's maskable parameters begin with: 0 is the shared input, 1 the first layer."""
    return layer_prefix(stage - 1) if stage else CHARACTERS


def maskable_parameters(config: TaggerConfig) -> dict[str, tuple[int, ...]]:
    """Name and shape of every parameter that can be masked, as in the model without heads."""
    shapes: dict[str, tuple[int, ...]] = {}
    width = config.word_embedding_size + config.features_size
    if config.char_encoder == "cnn":
        shapes[f"{CHARACTERS}weight"] = (config.char_filters, config.char_embedding_size, config.char_filter_width)
        width += config.char_filters
    elif config.char_encoder == "bilstm":
        shapes |= _of_lstm(f"{CHARACTERS}lstm.", config.char_embedding_size, config.char_hidden_size)
        width += 2 * config.char_hidden_size
    for layer in range(config.num_layers):
        shapes |= _of_lstm(layer_prefix(layer), width, config.hidden_size)
        width = 2 * config.hidden_size
    return shapes


def num_weights(shape: tuple[int, ...]) -> int:
    """How many weights a parameter of some shape has."""
    return prod(shape)


def _of_lstm(prefix: str, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
    return {
        f"{prefix}weight_ih": (1, 2, 4 * hidden_size, input_size),
        f"{prefix}weight_hh": (1, 2, 4 * hidden_size, hidden_size),
    }
