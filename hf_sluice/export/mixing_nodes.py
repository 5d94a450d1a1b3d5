"""α and β as nodes (Ruder et al. 2019, equations 2 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.export.graph import Graph


def add_alpha(graph: Graph, alpha: np.ndarray, states: Sequence[str], sizes: tuple[int, int]) -> list[str]:
    """Mixes the subspaces of networks after a layer.

    Args:
        graph: grows.
        alpha: (m·S, n·S), target subspaces by source subspaces.
        states: n times (T, 2, B, H).
        sizes: S and H.

    Returns:
        m times (T, 2, B, H).
    """
    subspaces, units = sizes
    width = units // subspaces
    cut = graph.constant([-1, subspaces, width], "subspace shape")
    shape = graph.node("Shape", [states[0]])
    sources = [graph.node("Reshape", [state, cut]) for state in states]  # each (T·2·B, S, H/S)
    together = graph.node("Concat", sources, {"axis": 1})
    rows = graph.node("Transpose", [together], {"perm": [1, 0, 2]})  # (n·S, T·2·B, H/S)
    flat = graph.node("Reshape", [rows, graph.constant([len(alpha[0]), -1], "flat shape")])
    mixed = graph.node("MatMul", [graph.constant(alpha, "alpha"), flat])
    cubes = graph.node("Reshape", [mixed, graph.constant([len(alpha), -1, width], "mixed shape")])
    targets = graph.node("Transpose", [cubes], {"perm": [1, 0, 2]})  # (T·2·B, m·S, H/S)
    number = len(alpha) // subspaces
    parts = [targets] if number == 1 else _cut(graph, targets, number, subspaces)
    return [graph.node("Reshape", [part, shape]) for part in parts]


def add_beta(graph: Graph, beta_K: np.ndarray, states: Sequence[str]) -> str:
    """The weighted sum of some layers' states."""
    weighted = [
        state if weight == 1 else graph.node("Mul", [state, graph.constant(np.array(weight, np.float32), "beta")])
        for weight, state in zip(beta_K, states, strict=True)
    ]
    return weighted[0] if len(weighted) == 1 else graph.node("Sum", weighted)


def _cut(graph: Graph, targets: str, number: int, subspaces: int) -> list[str]:
    sizes = graph.constant([subspaces] * number, "subspaces")
    return graph.nodes("Split", [targets, sizes], number, {"axis": 1})
