"""A whole tagger as ONNX graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from hf_sluice.errors import UserError
from hf_sluice.export.graph import Graph
from hf_sluice.export.input_nodes import FORM, SENTENCE, add_forms, states_width
from hf_sluice.export.model_weights import ModelWeights
from hf_sluice.export.sluice_nodes import add_sluice
from hf_sluice.export.subnet_nodes import add_subnets, input_masks
from hf_sluice.prediction.onnx_tagger.graph_session import output_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from onnx import ModelProto

    from hf_sluice.export.graph import Shape
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification

_CHAIN = "crf."  # of a head what no node needs: decoding is done by the program around the graph


class TaggerGraphs(NamedTuple):
    """The graphs of a tagger.

    Args:
        tagger: from word ids, and encodings of word forms if there are some, to the logits of all tasks.
        characters: from characters, and keys of features, to encodings of word forms; None where the model reads none.
    """

    tagger: ModelProto
    characters: ModelProto | None


def tagger_graphs(model: TaggerForTokenClassification, operators: int) -> TaggerGraphs:
    """A tagger in single precision; numbers of sentences, tokens, word forms and characters are free.

    What characters come to has a graph of its own, so that it can be remembered: most words come again.

    Args:
        model: a tagger; all of its tasks become part of the graph, and nothing that they do not depend on should be
            in it (``extract_tasks``).
        operators: version of the set of operators.

    Raises:
        UserError: the model has weights that no node reads, of a kind that is not known here.
    """
    weights, graph = ModelWeights(model), Graph()
    inputs: dict[str, Shape] = {"input_ids": SENTENCE, "attention_mask": SENTENCE}
    characters = None
    if model.config.char_encoder != "none" or model.config.word_features:
        masks = _input_masks(model)
        forms: dict[str, Shape] = {"form_states": ("forms", states_width(weights, model.config, len(masks)))}
        inputs |= {"char_index": SENTENCE, **forms}
        reading = Graph()
        reading.output(add_forms(reading, weights, model.config, masks), "form_states")
        characters = reading.finish({"char_ids": FORM}, forms, operators)
    outputs = _add_tasks(graph, weights, model)
    if weights.left:
        raise UserError(f"no ONNX graph can be made of a model with the weights {weights.left[0]}; none was written")
    return TaggerGraphs(graph.finish(inputs, outputs, operators), characters)


def _input_masks(model: TaggerForTokenClassification) -> Sequence[Mapping[str, np.ndarray]]:
    """Per network of the shared input what it keeps of its weights."""
    if model.config.model_type == "sparse_sharing":
        return input_masks(cast("SparseSharingForTokenClassification", model))
    return [{}]


def _add_tasks(graph: Graph, weights: ModelWeights, model: TaggerForTokenClassification) -> dict[str, Shape]:
    """Names and shapes of the logits."""
    if model.config.model_type == "sparse_sharing":
        states = add_subnets(graph, weights, cast("SparseSharingForTokenClassification", model))
    else:
        states = add_sluice(graph, weights, cast("SluiceForTokenClassification", model))
    outputs: dict[str, Shape] = {}
    for number, (task, state) in enumerate(zip(model.config.tasks, states, strict=True)):
        name = output_name(task["name"])
        logits_TBL = _add_head(graph, weights, f"heads.{number}.", state)
        graph.output(graph.node("Transpose", [logits_TBL], {"perm": [1, 0, 2]}), name)
        outputs[name] = (*SENTENCE, len(task.get("labels") or [""]))
    return outputs


def _add_head(graph: Graph, weights: ModelWeights, prefix: str, state_TBD: str) -> str:
    """Logits (T, B, L)."""
    weights.take(prefix + _CHAIN)
    if f"{prefix}dense.weight" in weights:
        dense = _add_linear(graph, weights, f"{prefix}dense.", state_TBD)
        state_TBD = graph.node("Tanh", [dense])
    return _add_linear(graph, weights, f"{prefix}output.", state_TBD)


def _add_linear(graph: Graph, weights: ModelWeights, prefix: str, x: str) -> str:
    product = graph.node("MatMul", [x, graph.constant(weights[f"{prefix}weight"].T, f"{prefix}weight")])
    return graph.node("Add", [product, graph.constant(weights[f"{prefix}bias"], f"{prefix}bias")])
