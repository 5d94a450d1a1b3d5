from __future__ import annotations

import numpy as np

from hf_sluice.analysis.task_relations.elimination import choice_by_elimination, eliminate, ranking
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import FitSettings
from hf_sluice.analysis.task_relations.scaling import Scaling
from hf_sluice.analysis.task_relations.validation import validate
from tests.analysis.task_relations.known_relations import known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))
COLUMNS = ["main labels", "auxiliary labels", "main noise", "auxiliary noise"]
PAIRS, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise"], COLUMNS)


def test_what_says_nothing_goes_first():
    found = eliminate(PAIRS, draws=2, first_look=1, runs=2)
    assert set(found.order[:2]) == {"main noise", "auxiliary noise"}
    assert {"main labels", "auxiliary labels"} <= set(found.best)
    assert list(found.path.index) == [4, 3, 2, 1]
    assert found.path["left_out"].tolist() == ["", *found.order[:3]]
    assert found.path.loc[2, "f1"] > found.path.loc[1, "f1"]
    assert found.path.loc[4, "f1"] == validate(PAIRS.with_columns(found.order), runs=1, in_full=False).random_pairs.f1
    assert (
        found.validation.random_pairs.f1
        == validate(PAIRS.with_columns(found.best), runs=2, in_full=False).random_pairs.f1
    )


def test_a_given_order_is_kept():
    found = eliminate(PAIRS, order=COLUMNS, first_look=1, runs=1)
    assert found.order == COLUMNS
    assert found.path["left_out"].tolist() == ["", *COLUMNS[:3]]


def test_ranks_are_turns():
    scaled = Scaling.of(PAIRS.matrix).apply(PAIRS.matrix)
    ranks = dict(zip(PAIRS.columns, ranking(scaled, PAIRS.is_gain, FitSettings()), strict=True))
    assert sorted(ranks.values()) == [1, 2, 3, 4]
    assert {ranks["main labels"], ranks["auxiliary labels"]} == {1, 2}


def test_chosen_by_what_is_fitted_on_it_keeps_what_counts():
    choose = choice_by_elimination(FitSettings())
    scaled = Scaling.of(PAIRS.matrix).apply(PAIRS.matrix)
    chosen = choose(scaled, PAIRS.is_gain)
    assert chosen[:2].all()
    assert choose(scaled[PAIRS.is_gain], PAIRS.is_gain[PAIRS.is_gain]).all()  # of one kind alone, all stay
