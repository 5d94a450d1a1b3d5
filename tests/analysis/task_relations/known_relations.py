"""Tasks whose gains follow from one of their features, beside one that says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hf_sluice.analysis.task_relations.pair_features import all_pairs

TASKS = ("ccg", "chunk", "frames", "links", "ner", "pos", "senses", "srl")


def known_features(seed: int = 0) -> pd.DataFrame:
    """``labels`` (1 to 8 in a random order), ``noise``, and ``curve_a`` (negative)."""
    generator = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "labels": generator.permutation(len(TASKS)) + 1.0,
            "noise": generator.normal(size=len(TASKS)),
            "curve_a": -generator.uniform(0.1, 1.0, len(TASKS)),
        },
        index=pd.Index(TASKS, name="task"),
    )


def known_gains(features: pd.DataFrame) -> pd.DataFrame:
    """A pair gains as many per cent as the main task has labels more than the auxiliary one."""
    rows = [(main, other, features.labels[main] - features.labels[other]) for main, other in all_pairs(features.index)]
    return pd.DataFrame(rows, columns=["main", "auxiliary", "gain"])
