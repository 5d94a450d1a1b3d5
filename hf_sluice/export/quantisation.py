"""Graphs in whole numbers of eight bits: weights once and for all, what they are multiplied with as it comes.

The scale of what comes is found for a batch as a whole, so that scores depend, a little, on what a sentence is batched
with. α stays as it is: few numbers, and all that networks say to each other goes through them.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import onnx

from hf_sluice.prediction.onnx_tagger.graph_session import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INT8_GRAPH = "model_int8.onnx"
_QUANTISED = ["LSTM", "MatMul"]


def quantise(folder: Path) -> None:
    """Writes the quantised form of a folder's graph beside it; weights have a scale per unit."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = folder / GRAPH
    level = logging.root.level
    logging.root.setLevel(logging.ERROR)  # it recommends, to the root logger, what this graph has no need of
    try:
        quantize_dynamic(
            graph,
            folder / INT8_GRAPH,
            op_types_to_quantize=_QUANTISED,
            nodes_to_exclude=list(_mixing(graph)),
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    finally:
        logging.root.setLevel(level)


def _mixing(graph: Path) -> Iterator[str]:
    """The products with α, which stands at their left."""
    model = onnx.load(graph)
    arrays = {array.name for array in model.graph.initializer}
    return (node.name for node in model.graph.node if node.op_type == "MatMul" and node.input[0] in arrays)
