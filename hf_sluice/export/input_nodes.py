"""The shared input as nodes: word embedding ⊕ character encoding.

Shape letters: B sentences, T tokens, U distinct word forms, C characters, E width of an embedding, F of an encoding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.export.recurrent_nodes import add_bilstm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights
    from hf_sluice.models.configuration_tagger import TaggerConfig

INPUTS = {
    "input_ids": ("sentences", "tokens"),
    "attention_mask": ("sentences", "tokens"),
    "char_ids": ("forms", "characters"),
    "char_index": ("sentences", "tokens"),
}
"""What is put in, as the tokenizer gives it."""

_CHARACTERS = "words.characters."


def add_lengths(graph: Graph) -> str:
    """Tokens of each sentence, (B,), int32."""
    total = graph.node("ReduceSum", ["attention_mask", graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Cast", [total], {"to": 6})  # TensorProto.INT32


def add_inputs(
    graph: Graph, weights: ModelWeights, config: TaggerConfig, masks: Sequence[Mapping[str, np.ndarray]] = ({},)
) -> Iterator[str]:
    """What the first layer of each network reads, (T, B, D).

    Args:
        graph: grows.
        weights: of the model.
        config: of the model.
        masks: of each network, by the names of parameters, what of them is kept.
    """
    words_TBE = graph.node("Gather", [graph.constant(weights["words.embedding.weight"], "words"), _turned(graph)])
    if config.char_encoder == "none":
        yield from (words_TBE for _ in masks)
        return
    table = graph.constant(weights[f"{_CHARACTERS}embedding.weight"], "characters")
    lengths_U = _form_lengths(graph)
    index_TB = _turned(graph, "char_index")
    add_encoder = _add_convolution if config.char_encoder == "cnn" else _add_lstm
    for of_network in masks:
        forms_UF = add_encoder(graph, weights, (table, lengths_U), of_network)
        forms_TBF = graph.node("Gather", [forms_UF, index_TB])
        yield graph.node("Concat", [words_TBE, forms_TBF], {"axis": 2})


def _turned(graph: Graph, name: str = "input_ids") -> str:
    return graph.node("Transpose", [name], {"perm": [1, 0]})


def _form_lengths(graph: Graph) -> str:
    """Characters of each form, at least 1, (U,), int64."""
    is_character = graph.node("Greater", ["char_ids", graph.constant([0], "padding")])
    ones = graph.node("Cast", [is_character], {"to": 7})  # TensorProto.INT64
    total = graph.node("ReduceSum", [ones, graph.constant([1], "axis")], {"keepdims": 0})
    return graph.node("Max", [total, graph.constant([1], "one")])


def _add_lstm(graph: Graph, weights: ModelWeights, forms: tuple[str, str], masks: Mapping[str, np.ndarray]) -> str:
    """The last states of both directions, (U, F)."""
    table, lengths_U = forms
    embedded_CUE = graph.node("Gather", [table, _turned(graph, "char_ids")])
    lengths = graph.node("Cast", [lengths_U], {"to": 6})
    _, last_2UH = add_bilstm(graph, weights, f"{_CHARACTERS}lstm.", 0, (embedded_CUE, lengths), masks)
    width = 2 * weights[f"{_CHARACTERS}lstm.weight_hh"].shape[-1]
    last_U2H = graph.node("Transpose", [last_2UH], {"perm": [1, 0, 2]})
    return graph.node("Reshape", [last_U2H, graph.constant([0, width], "form shape")])


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
    return graph.node("Add", [largest_UF, graph.constant(weights[f"{_CHARACTERS}bias"], f"{_CHARACTERS}bias")])


def _is_within(graph: Graph, lengths_U: str) -> str:
    """Where characters stand, (U, 1, C)."""
    shape = graph.node("Shape", ["char_ids"])
    scalars = [graph.constant(np.array(value, dtype=np.int64), "scalar") for value in (0, 1)]
    width = graph.node("Gather", [shape, scalars[1]])
    steps_C = graph.node("Range", [scalars[0], width, scalars[1]])
    lengths_U11 = graph.node("Unsqueeze", [lengths_U, graph.constant([1, 2], "axes")])
    return graph.node("Less", [steps_C, lengths_U11])
