"""Word features as nodes: from the keys that forms begin with to their hashed embeddings.

Shape letters: U distinct word forms, F features, H hashes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.models.hashed_embedding import HASHES
from hf_sluice.models.word_features import PRIME

if TYPE_CHECKING:
    from hf_sluice.export.graph import Graph
    from hf_sluice.export.model_weights import ModelWeights
    from hf_sluice.models.configuration_tagger import TaggerConfig

_TABLE = "words.features.embedding.weight"
_ALL = np.iinfo(np.int64).max


def columns(graph: Graph, first: int, end: int = _ALL) -> str:
    """Some columns of ``char_ids``."""
    if (first, end) == (0, _ALL):
        return "char_ids"
    bounds = [graph.constant([place], "column") for place in (first, end, 1)]
    return graph.node("Slice", ["char_ids", *bounds])


def add_features(graph: Graph, weights: ModelWeights, config: TaggerConfig) -> str:
    """The embeddings of all features side by side, (U, F·E)."""
    number, hashes = len(config.word_features), HASHES[: config.feature_hashes]
    table = graph.constant(weights[_TABLE], "features")
    keys_UF1 = graph.node("Unsqueeze", [columns(graph, 0, number), graph.constant([2], "last axis")])
    factors_H, summands_H = (graph.constant(list(of_hash), "hashes") for of_hash in zip(*hashes, strict=True))
    hashed = graph.node("Add", [graph.node("Mul", [keys_UF1, factors_H]), summands_H])
    for divisor in (PRIME, config.feature_rows):
        hashed = graph.node("Mod", [hashed, graph.constant([divisor], "divisor")])
    first_F1 = config.feature_rows * np.arange(number)[:, None]
    rows_UFH = graph.node("Add", [hashed, graph.constant(first_F1, "tables")])
    found_UFHE = graph.node("Gather", [table, rows_UFH])
    summed_UFE = graph.node("ReduceSum", [found_UFHE, graph.constant([2], "hash axis")], {"keepdims": 0})
    scale = graph.constant(np.array(len(hashes) ** -0.5, dtype=np.float32), "scale")
    scaled_UFE = graph.node("Mul", [summed_UFE, scale])
    return graph.node("Reshape", [scaled_UFE, graph.constant([0, config.features_size], "features shape")])
