"""Relations of made-up tasks, and advice from them, for the tests of advice."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from hf_sluice.analysis.task_relations.advice import Advice
from hf_sluice.analysis.task_relations.default_features import DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.pair_features import all_pairs
from hf_sluice.analysis.task_relations.relations import TaskRelations

LONG = "a_task_with_a_name_that_is_much_longer_than_any_column_of_a_table_of_80_characters_should_be"


def task_table(names, seed=0):
    random = np.random.default_rng(seed)
    values = random.lognormal(1, 1, (len(names), len(DEFAULT_FEATURES)))
    table = pd.DataFrame(values, index=pd.Index(names, name="task"), columns=list(DEFAULT_FEATURES))
    return table * np.where(table.columns.str.contains("gradient"), -1, 1)


@cache
def fitted(num_tasks=8, seed=0):
    """A predictor of gains that go with the label entropies of both tasks."""
    features = task_table([f"known{number}" for number in range(num_tasks)], seed)
    entropy = features["label_entropy"]
    rows = [(a, b, float(entropy[b] - entropy[a])) for a, b in all_pairs(features.index)]
    gains = pd.DataFrame(rows, columns=["main", "auxiliary", "gain"])
    return TaskRelations.from_tables(features, gains, "made up").fit()


@cache
def advice(names=("ner", "pos", "chunk", "srl"), relations=None, **changes):
    table = task_table(names, seed=1)
    for name, value in changes.items():
        table[name] = value
    return Advice.of(relations or fitted(), table, names[0], names[1:])
