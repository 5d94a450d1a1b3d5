from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES
from hf_sluice.analysis.task_relations.pair_features import all_pairs, pair_columns, pair_features
from hf_sluice.errors import UserError

FEATURES = pd.DataFrame(
    {"labels": [12.0, 4.0, 0.0], "gradient_10": [-0.5, 0.25, None]}, index=pd.Index(["pos", "ner", "srl"], name="task")
)


def test_worked_by_hand():
    found = pair_features(FEATURES, ["labels", "gradient_10"], [("pos", "ner"), ("ner", "pos")])
    assert found.problems == []
    assert found.known == pair_columns(["labels", "gradient_10"])
    assert found.table.loc[("pos", "ner")].to_dict() == {
        "main labels": 12,
        "main gradient_10": -0.5,
        "auxiliary labels": 4,
        "auxiliary gradient_10": 0.25,
        "main/auxiliary labels": 3,
        "main/auxiliary gradient_10": -2,
    }
    assert found.table.loc[("ner", "pos"), "main/auxiliary labels"] == pytest.approx(1 / 3)


def test_the_paper_has_42_features_of_90_pairs():
    tasks = [f"task{number}" for number in range(10)]
    values = np.random.default_rng(0).uniform(1, 2, (10, 14))
    found = pair_features(pd.DataFrame(values, tasks, PAPER_FEATURES), PAPER_FEATURES, all_pairs(tasks))
    assert found.table.shape == (90, 42)
    assert found.table.notna().all().all()


def test_a_ratio_over_zero_and_what_is_not_known_are_told():
    found = pair_features(FEATURES, ["labels", "gradient_10"], [("pos", "ner"), ("pos", "srl"), ("srl", "pos")])
    assert np.isnan(found.table.loc[("pos", "srl"), "main/auxiliary labels"])
    assert found.table.loc[("srl", "pos"), "main/auxiliary labels"] == 0
    assert found.known == ["main labels", "auxiliary labels"]
    assert found.problems == [
        "task 'srl': gradient_10 is not known",
        "task 'srl': labels is 0, and main/auxiliary labels is not known where it is the auxiliary task",
    ]


@pytest.mark.parametrize(
    ("names", "pairs", "message"),
    [
        (["labels"], [], "there is no pair of two tasks; at least two tasks are needed"),
        (["lables"], [("pos", "ner")], "there is no feature 'lables' of the tasks; there is labels, gradient_10"),
        (["labels"], [("pos", "dep")], "there are no features of task 'dep'; there are those of pos, ner, srl"),
    ],
)
def test_what_is_not_there_is_named(names, pairs, message):
    with pytest.raises(UserError, match=message):
        pair_features(FEATURES, names, pairs)


def test_a_task_twice_is_named():
    with pytest.raises(UserError, match="task 'pos' has features twice"):
        pair_features(pd.concat([FEATURES, FEATURES]), ["labels"], [("pos", "ner")])
