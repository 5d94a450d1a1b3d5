"""The shared input as nodes: word embedding ⊕ character encoding, the latter in a graph of its own.

Shape letters: B sentences, T tokens, U distinct word forms, C characters, E width of an embedding, F of an encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from hf_sluice.export.recurrent_nodes import add_bilstm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights

SENTENCE = ("sentences", "tokens")
FORM = ("forms", "characters")

_CHARACTERS = "words.characters."


def add_lengths(graph: Graph) -> str:
    """Tokens of each sentence, (B,), int32."""
    total = graph.node("ReduceSum", ["attention_mask", graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Cast", [total], {"to": TensorProto.INT32})


def add_inputs(graph: Graph, weights: ModelWeights, networks: int = 1) -> list[str]:
    """What the first layer of each network reads, (T, B, D), of ``input_ids``, ``form_states`` and ``char_index``.

    Args:
        graph: grows.
        weights: of the model.
        networks: whose encodings of a form stand side by side in ``form_states``.
    """
    words_TBE = graph.node("Gather", [graph.constant(weights["words.embedding.weight"], "words"), _turned(graph)])
    if f"{_CHARACTERS}embedding.weight" not in weights:
        return [words_TBE] * networks
    states_TBF = graph.node("Gather", ["form_states", _turned(graph, "char_index")])
    of_networks = [states_TBF]
    if networks > 1:
        sizes = graph.constant([form_width(weights)] * networks, "encodings")
        of_networks = graph.nodes("Split", [states_TBF, sizes], networks, {"axis": 2})
    return [graph.node("Concat", [words_TBE, of_network], {"axis": 2}) for of_network in of_networks]


def add_forms(graph: Graph, weights: ModelWeights, masks: Sequence[Mapping[str, np.ndarray]] = ({},)) -> str:
    """The encodings of word forms of ``char_ids``, those of N networks side by side, (U, N·F).

    Args:
        graph: grows.
        weights: of a model that reads characters.
        masks: of each network, by the names of parameters, what of them is kept.
    """
    table = graph.constant(weights[f"{_CHARACTERS}embedding.weight"], "characters")
    lengths_U = _form_lengths(graph)
    add_encoder = _add_convolution if f"{_CHARACTERS}weight" in weights else _add_lstm
    encoded = [add_encoder(graph, weights, (table, lengths_U), of_network) for of_network in masks]
    return encoded[0] if len(encoded) == 1 else graph.node("Concat", encoded, {"axis": 1})


def form_width(weights: ModelWeights) -> int:
    """The width of one network's encoding of a form, F."""
    if f"{_CHARACTERS}weight" in weights:
        return len(weights[f"{_CHARACTERS}weight"])
    return 2 * weights[f"{_CHARACTERS}lstm.weight_hh"].shape[-1]


def _turned(graph: Graph, name: str = "input_ids") -> str:
    return graph.node("Transpose", [name], {"perm": [1, 0]})


def _form_lengths(graph: Graph) -> str:
    """Characters of each form, at least 1, (U,), int64."""
    is_character = graph.node("Greater", ["char_ids", graph.constant([0], "padding")])
    ones = graph.node("Cast", [is_character], {"to": TensorProto.INT64})
    total = graph.node("ReduceSum", [ones, graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Max", [total, graph.constant([1], "one")])


def _add_lstm(graph: Graph, weights: ModelWeights, forms: tuple[str, str], masks: Mapping[str, np.ndarray]) -> str:
    """The last states of both directions, (U, F)."""
    table, lengths_U = forms
    embedded_CUE = graph.node("Gather", [table, _turned(graph, "char_ids")])
    lengths = graph.node("Cast", [lengths_U], {"to": TensorProto.INT32})
    _, last_2UH = add_bilstm(graph, weights, f"{_CHARACTERS}lstm.", 0, (embedded_CUE, lengths), masks)
    last_U2H = graph.node("Transpose", [last_2UH], {"perm": [1, 0, 2]})
    return graph.node("Reshape", [last_U2H, graph.constant([0, form_width(weights)], "form shape")])


def _add_convolution(
    graph: Graph, weights: ModelWeights, forms: tuple[str, str], masks: Mapping[str, np.ndarray]
) -> str:
    """The largest value of each filter over a form, (U, F)."""
    table, lengths_U = forms
    name = f"{_CHARACTERS}weight"
    filters_FEW = weights[name] * masks[name] if name in masks else weights[name]
    margin = filters_FEW.shape[-1] // 2
    embedded_UCE = graph.node("Gather", [table, "char_ids"])
    embedded_UEC = graph.node("Transpose", [embedded_UCE], {"perm": [0, 2, 1]})
    constants = [embedded_UEC, graph.constant(filters_FEW, name)]
    values_UFC = graph.node("Conv", constants, {"pads": [margin, margin]})
    lowest = graph.constant(np.array(-np.inf, dtype=np.float32), "lowest")
    within_UFC = graph.node("Where", [_is_within(graph, lengths_U), values_UFC, lowest])
    largest_UF1 = graph.node("GlobalMaxPool", [within_UFC])
    largest_UF = graph.node("Squeeze", [largest_UF1, graph.constant([2], "last axis")])
    bias = graph.constant(weights[f"{_CHARACTERS}bias"], f"{_CHARACTERS}bias")
    return graph.node("Add", [largest_UF, bias])


def _is_within(graph: Graph, lengths_U: str) -> str:
    """Where characters stand, (U, 1, C)."""
    shape = graph.node("Shape", ["char_ids"])
    scalars = [graph.constant(np.array(value, dtype=np.int64), "scalar") for value in (0, 1)]
    width = graph.node("Gather", [shape, scalars[1]])
    steps_C = graph.node("Range", [scalars[0], width, scalars[1]])
    lengths_U11 = graph.node("Unsqueeze", [lengths_U, graph.constant([1, 2], "axes")])
    return graph.node("Less", [steps_C, lengths_U11])
