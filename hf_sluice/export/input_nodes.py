"""The shared input as nodes: word embedding ⊕ character encoding, the latter in a graph of its own.

Shape letters: B sentences, T tokens, U distinct word forms, C characters, E width of an embedding, F of an encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from hf_sluice.export.feature_nodes import add_features, columns
from hf_sluice.export.recurrent_nodes import add_bilstm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights
    from hf_sluice.models.configuration_tagger import TaggerConfig

SENTENCE = ("sentences", "tokens")
FORM = ("forms", "characters")

_CHARACTERS = "words.characters."


def add_lengths(graph: Graph) -> str:
    """Tokens of each sentence, (B,), int32."""
    total = graph.node("ReduceSum", ["attention_mask", graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Cast", [total], {"to": TensorProto.INT32})


def add_inputs(graph: Graph, weights: ModelWeights, config: TaggerConfig, networks: int = 1) -> list[str]:
    """What the first layer of each network reads, (T, B, D), of ``input_ids``, ``form_states`` and ``char_index``.

    Args:
        graph: grows.
        weights: of the model.
        config: of the model.
        networks: whose encodings of a form stand side by side in ``form_states``, after what is read by all of them.
    """
    words_TBE = graph.node("Gather", [graph.constant(weights["words.embedding.weight"], "words"), _turned(graph)])
    widths = _widths(weights, config, networks)
    if not widths:
        return [words_TBE] * networks
    parts = [graph.node("Gather", ["form_states", _turned(graph, "char_index")])]
    if len(widths) > 1:
        parts = graph.nodes("Split", [*parts, graph.constant(widths, "encodings")], len(widths), {"axis": 2})
    shared = [words_TBE, *(parts[:1] if config.word_features else [])]
    of_networks = parts[1:] if config.word_features else parts
    if not of_networks:
        return [graph.node("Concat", shared, {"axis": 2})] * networks
    return [graph.node("Concat", [*shared, of_network], {"axis": 2}) for of_network in of_networks]


def add_forms(
    graph: Graph, weights: ModelWeights, config: TaggerConfig, masks: Sequence[Mapping[str, np.ndarray]] = ({},)
) -> str:
    """The encodings of word forms of ``char_ids``: features, then those of N networks side by side, (U, F + N·F').

    Args:
        graph: grows.
        weights: of a model that reads characters or features.
        config: of the model.
        masks: of each network, by the names of parameters, what of them is kept.
    """
    encoded = [add_features(graph, weights, config)] if config.word_features else []
    if config.char_encoder != "none":
        encoded += _add_characters(graph, weights, columns(graph, len(config.word_features)), masks)
    return encoded[0] if len(encoded) == 1 else graph.node("Concat", encoded, {"axis": 1})


def _add_characters(
    graph: Graph, weights: ModelWeights, characters_UC: str, masks: Sequence[Mapping[str, np.ndarray]]
) -> list[str]:
    """For each network (U, F)."""
    table = graph.constant(weights[f"{_CHARACTERS}embedding.weight"], "characters")
    forms = table, characters_UC, _form_lengths(graph, characters_UC)
    add_encoder = _add_convolution if f"{_CHARACTERS}weight" in weights else _add_lstm
    return [add_encoder(graph, weights, forms, of_network) for of_network in masks]


def states_width(weights: ModelWeights, config: TaggerConfig, networks: int) -> int:
    """The width of what is known of a form: its features, and the encodings of its characters by N networks."""
    return sum(_widths(weights, config, networks))


def _widths(weights: ModelWeights, config: TaggerConfig, networks: int) -> list[int]:
    """The widths of the parts of what is known of a form."""
    of_features = [config.features_size] if config.word_features else []
    return of_features + ([] if config.char_encoder == "none" else [_form_width(weights)] * networks)


def _form_width(weights: ModelWeights) -> int:
    """The width of one network's encoding of a form, F."""
    if f"{_CHARACTERS}weight" in weights:
        return len(weights[f"{_CHARACTERS}weight"])
    return 2 * weights[f"{_CHARACTERS}lstm.weight_hh"].shape[-1]


def _turned(graph: Graph, name: str = "input_ids") -> str:
    return graph.node("Transpose", [name], {"perm": [1, 0]})


def _form_lengths(graph: Graph, characters_UC: str) -> str:
    """Characters of each form, at least 1, (U,), int64."""
    is_character = graph.node("Greater", [characters_UC, graph.constant([0], "padding")])
    ones = graph.node("Cast", [is_character], {"to": TensorProto.INT64})
    total = graph.node("ReduceSum", [ones, graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Max", [total, graph.constant([1], "one")])


def _add_lstm(graph: Graph, weights: ModelWeights, forms: tuple[str, str, str], masks: Mapping[str, np.ndarray]) -> str:
    """The last states of both directions, (U, F)."""
    table, characters_UC, lengths_U = forms
    embedded_CUE = graph.node("Gather", [table, _turned(graph, characters_UC)])
    lengths = graph.node("Cast", [lengths_U], {"to": TensorProto.INT32})
    _, last_2UH = add_bilstm(graph, weights, f"{_CHARACTERS}lstm.", 0, (embedded_CUE, lengths), masks)
    last_U2H = graph.node("Transpose", [last_2UH], {"perm": [1, 0, 2]})
    return graph.node("Reshape", [last_U2H, graph.constant([0, _form_width(weights)], "form shape")])


def _add_convolution(
    graph: Graph, weights: ModelWeights, forms: tuple[str, str, str], masks: Mapping[str, np.ndarray]
) -> str:
    """The largest value of each filter over a form, (U, F)."""
    table, characters_UC, lengths_U = forms
    name = f"{_CHARACTERS}weight"
    filters_FEW = weights[name] * masks[name] if name in masks else weights[name]
    margin = filters_FEW.shape[-1] // 2
    embedded_UCE = graph.node("Gather", [table, characters_UC])
    embedded_UEC = graph.node("Transpose", [embedded_UCE], {"perm": [0, 2, 1]})
    constants = [embedded_UEC, graph.constant(filters_FEW, name)]
    values_UFC = graph.node("Conv", constants, {"pads": [margin, margin]})
    lowest = graph.constant(np.array(-np.inf, dtype=np.float32), "lowest")
    within_UFC = graph.node("Where", [_is_within(graph, characters_UC, lengths_U), values_UFC, lowest])
    largest_UF1 = graph.node("GlobalMaxPool", [within_UFC])
    largest_UF = graph.node("Squeeze", [largest_UF1, graph.constant([2], "last axis")])
    bias = graph.constant(weights[f"{_CHARACTERS}bias"], f"{_CHARACTERS}bias")
    return graph.node("Add", [largest_UF, bias])


def _is_within(graph: Graph, characters_UC: str, lengths_U: str) -> str:
    """Where characters stand, (U, 1, C)."""
    shape = graph.node("Shape", [characters_UC])
    scalars = [graph.constant(np.array(value, dtype=np.int64), "scalar") for value in (0, 1)]
    width = graph.node("Gather", [shape, scalars[1]])
    steps_C = graph.node("Range", [scalars[0], width, scalars[1]])
    lengths_U11 = graph.node("Unsqueeze", [lengths_U, graph.constant([1, 2], "axes")])
    return graph.node("Less", [steps_C, lengths_U11])
