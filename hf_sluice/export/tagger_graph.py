"""A whole tagger as one ONNX graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hf_sluice.errors import UserError
from hf_sluice.export.graph import Graph
from hf_sluice.export.input_nodes import INPUTS
from hf_sluice.export.model_weights import ModelWeights
from hf_sluice.export.sluice_nodes import add_sluice
from hf_sluice.export.subnet_nodes import add_subnets
from hf_sluice.prediction.onnx_tagger import output_name

if TYPE_CHECKING:
    from onnx import ModelProto

    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification

_CHAIN = "crf."  # of a head what no node needs: decoding is done by the program around the graph


def tagger_graph(model: TaggerForTokenClassification, operators: int) -> ModelProto:
    """The graph from a tokenizer's inputs to the logits of all tasks, in single precision.

    Numbers of sentences, tokens, word forms and characters are free.

    Args:
        model: a tagger; all of its tasks become part of the graph, and nothing that they do not depend on should be
            in it (``extract_tasks``).
        operators: version of the set of operators.

    Raises:
        UserError: the model has weights that no node reads, of a kind that is not known here.
    """
    graph, weights = Graph(), ModelWeights(model)
    if model.config.model_type == "sparse_sharing":
        states = add_subnets(graph, weights, cast("SparseSharingForTokenClassification", model))
    else:
        states = add_sluice(graph, weights, cast("SluiceForTokenClassification", model))
    outputs: dict[str, tuple[str | int, ...]] = {}
    for number, (task, state) in enumerate(zip(model.config.tasks, states, strict=True)):
        name = output_name(task["name"])
        logits_TBL = _add_head(graph, weights, f"heads.{number}.", state)
        graph.output(graph.node("Transpose", [logits_TBL], {"perm": [1, 0, 2]}), name)
        outputs[name] = ("sentences", "tokens", len(task.get("labels") or [""]))
    if weights.left:
        raise UserError(f"no ONNX graph can be made of a model with the weights {weights.left[0]}; none was written")
    return graph.finish(INPUTS, outputs, operators)


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
