from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from hf_sluice.analysis.task_relations.held_out import (
    f1_of_gains,
    random_folds,
    tasks_left_out,
    two_tasks_left_out,
)
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import FitSettings, fit_log_odds, probability
from hf_sluice.analysis.task_relations.scaling import Scaling
from tests.analysis.task_relations.known_relations import TASKS, known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))
PAIRS, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise"])
SETTINGS = FitSettings()


def test_each_pair_is_held_out_once_in_each_run():
    tests = list(random_folds(PAIRS, SETTINGS, runs=2, folds=5))
    for run in range(2):
        rows = np.concatenate([test.rows for test in tests if test.group == run])
        assert sorted(rows) == list(range(len(PAIRS.gains)))
    assert not np.array_equal(tests[0].rows, tests[5].rows)
    again = list(random_folds(PAIRS, SETTINGS, runs=2, folds=5))
    assert all(np.array_equal(one.probability, other.probability) for one, other in zip(tests, again, strict=True))


def expected_probabilities(known, rows):
    """Of a predictor that has seen nothing but known pairs; what is left out has no say in the scale either."""
    scaling = Scaling.of(known.matrix)
    line = fit_log_odds(scaling.apply(known.matrix), known.is_gain, SETTINGS)
    return probability(line.at(scaling.apply(PAIRS.matrix[rows])))


def test_a_task_left_out_is_in_no_pair_that_is_fitted_on():
    tests = {test.group: test for test in tasks_left_out(PAIRS, SETTINGS)}
    assert set(tests) == set(TASKS)
    for task, test in tests.items():
        assert np.array_equal(test.rows, np.flatnonzero(PAIRS.involves(task)))
        known = PAIRS.take(~PAIRS.involves(task))
        assert np.allclose(test.probability, expected_probabilities(known, test.rows))
        assert test.share == known.is_gain.mean()
        assert test.mean == pytest.approx(known.gains.mean())


def test_two_tasks_left_out_are_in_no_pair_that_is_fitted_on():
    tests = list(two_tasks_left_out(PAIRS, SETTINGS))
    assert sorted(np.concatenate([test.rows for test in tests])) == list(range(len(PAIRS.gains)))
    test = next(test for test in tests if test.group == "ner, pos")
    assert set(PAIRS.values.index[test.rows]) == {("ner", "pos"), ("pos", "ner")}
    known = PAIRS.take(~(PAIRS.involves("ner") | PAIRS.involves("pos")))
    assert np.allclose(test.probability, expected_probabilities(known, test.rows))


def test_scaling_beforehand_looks_at_all_pairs():
    beforehand = FitSettings(scale_beforehand=True)
    most = FEATURES["labels"].idxmax()
    one, other = (
        next(test for test in tasks_left_out(PAIRS, settings) if test.group == most)
        for settings in (SETTINGS, beforehand)
    )
    assert not np.allclose(one.probability, other.probability)


def test_undecided_pairs_are_not_predicted():
    gains = GAINS.assign(verdict=np.where(GAINS.gain.abs() < 2, "undecided", GAINS.verdict))
    pairs, _ = KnownPairs.of(FEATURES, gains, ["labels"])
    for tests in (random_folds(pairs, SETTINGS, 1, 5), tasks_left_out(pairs, SETTINGS)):
        rows = np.concatenate([test.rows for test in tests])
        assert set(rows) == set(np.flatnonzero(pairs.is_decided))


def test_features_are_chosen_by_what_is_fitted_on_alone():
    seen = []

    def choose(scaled, is_gain):
        seen.append((scaled.shape, len(is_gain)))
        return np.array([name == "main labels" for name in PAIRS.columns])

    test = next(tasks_left_out(PAIRS, SETTINGS, choose))
    assert seen == [((42, 6), 42)]
    alone = next(tasks_left_out(PAIRS.with_columns(["main labels"]), SETTINGS))
    assert np.allclose(test.probability, alone.probability)


def test_f1_is_scikit_learns():
    generator = np.random.default_rng(0)
    said, true = generator.uniform(size=50) < 0.4, generator.uniform(size=50) < 0.5
    assert f1_of_gains(said, true) == pytest.approx(f1_score(true, said))
    assert f1_of_gains(np.zeros(3, dtype=bool), np.zeros(3, dtype=bool)) == 0
