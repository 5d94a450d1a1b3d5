"""BiLSTM layers as nodes.

Shape letters as in :mod:`hf_sluice.models.parallel_lstm`. A layer's states stand here as ONNX has them, (T, 2, B, H).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights

_OURS = "ifco"  # the order of the gates, input, forget, cell and output
_OF_ONNX = "iofc"


def add_bilstm(
    graph: Graph,
    weights: ModelWeights,
    prefix: str,
    network: int,
    inputs: tuple[str, str],
    masks: Mapping[str, np.ndarray] | None = None,
) -> tuple[str, str]:
    """One network of a layer.

    The operator is told how long sentences are, and reads each of them from its own end: padding changes nothing.

    Args:
        graph: grows.
        weights: of the model.
        prefix: of the layer's parameters.
        network: which of the layer's networks.
        inputs: (T, B, D), and the lengths (B,), int32.
        masks: by the whole names of parameters what of them is kept.

    Returns:
        All states (T, 2, B, H), and the last one of each direction (2, B, H).
    """
    x_TBD, lengths_B = inputs
    arrays = {}
    for name in ("weight_ih", "weight_hh", "bias"):
        values = weights[prefix + name][network]
        mask = (masks or {}).get(prefix + name)
        arrays[name] = _in_order_of_onnx(values if mask is None else values * mask[network])
    bias = np.concatenate((arrays["bias"], np.zeros_like(arrays["bias"])), axis=-1)  # of the input; of the state, none
    constants = [
        graph.constant(values, f"{prefix}{network}.{name}")
        for name, values in (("W", arrays["weight_ih"]), ("R", arrays["weight_hh"]), ("B", bias))
    ]
    attributes = {"direction": "bidirectional", "hidden_size": arrays["weight_hh"].shape[-1]}
    states, last = graph.nodes("LSTM", [x_TBD, *constants, lengths_B], 2, attributes)
    return states, last


def side_by_side(graph: Graph, states_T2BH: str, width: int) -> str:
    """States (T, 2, B, H) as what the next layer reads, (T, B, 2H); ``width`` is 2H."""
    turned = graph.node("Transpose", [states_T2BH], {"perm": [0, 2, 1, 3]})
    return graph.node("Reshape", [turned, graph.constant([0, 0, width], "state shape")])


def _in_order_of_onnx(values: np.ndarray) -> np.ndarray:
    """(2, 4H, …) with the gates in the order of the operator."""
    gates = np.split(values, len(_OURS), axis=1)
    return np.concatenate([gates[_OURS.index(gate)] for gate in _OF_ONNX], axis=1)
