from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import MinMaxScaler

from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import SETTINGS_OF_2017
from hf_sluice.analysis.task_relations.validation import validate
from hf_sluice.errors import UserError
from tests.analysis.task_relations.known_relations import TASKS, known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))
PAIRS, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise"])


def test_where_a_feature_makes_the_gains_it_serves_new_tasks_too():
    found = validate(PAIRS, runs=2)
    assert list(found.held_out) == ["random pairs", "a new task", "two new tasks"]
    for scores in found.held_out.values():
        assert scores.accuracy > 0.85
        assert scores.f1 > 0.8
        assert scores.brier < 0.17 < scores.majority.brier
        assert scores.size_error < scores.majority.size_error
    assert (found.pairs, found.undecided, found.runs, found.folds) == (56, 0, 2, 5)


def test_where_gains_belong_to_tasks_and_not_to_features_only_known_tasks_are_predicted():
    """Random numbers tell tasks apart: they do for pairs of known tasks, as names do, and for no new ones."""
    pairs, _ = KnownPairs.of(FEATURES, GAINS, ["noise", "curve_a"])
    found = validate(pairs, runs=2)
    assert found.random_pairs.names.accuracy > 0.85
    assert found.new_tasks.accuracy < 0.65
    assert found.new_tasks.names is None


def test_random_folds_are_scored_as_the_notebook_scores_them():
    """Scaled over all pairs; F1 and accuracy are the means of those of folds, their means and spreads over runs."""
    X = MinMaxScaler().fit_transform(PAIRS.matrix)
    y = PAIRS.is_gain
    accuracies, f1s = [], []
    for run in range(3):
        scores = []
        for train, test in KFold(5, shuffle=True, random_state=run).split(X):
            said = LogisticRegression(solver="liblinear").fit(X[train], y[train]).predict(X[test])
            scores.append((accuracy_score(y[test], said), f1_score(y[test], said, zero_division=0)))
        accuracy, f1 = np.mean(scores, axis=0)
        accuracies.append(accuracy)
        f1s.append(f1)
    found = validate(PAIRS, SETTINGS_OF_2017, runs=3).random_pairs
    assert (found.accuracy, found.f1) == (pytest.approx(np.mean(accuracies)), pytest.approx(np.mean(f1s)))
    assert found.f1_spread == pytest.approx(np.std(f1s, ddof=1))
    assert found.accuracy_spread == pytest.approx(np.std(accuracies, ddof=1))


def test_what_can_be_had_without_features():
    mostly_losses = GAINS.assign(verdict=np.where(GAINS.gain > 2, "gain", "loss"))
    pairs, _ = KnownPairs.of(FEATURES, mostly_losses, ["labels"])
    share = pairs.is_gain.mean()
    majority = validate(pairs, runs=2).random_pairs.majority
    assert majority.accuracy == pytest.approx(1 - share)
    assert majority.f1 == pytest.approx(2 * share / (1 + share))  # always a gain: recall 1, precision the share
    assert majority.brier == pytest.approx(share * (1 - share), abs=0.01)


def test_each_task_as_a_new_one():
    table = validate(PAIRS, runs=1).by_task
    assert list(table.index) == list(TASKS)
    assert (table["pairs"] == 2 * (len(TASKS) - 1)).all()
    assert table.loc["ner", "gains"] == PAIRS.is_gain[PAIRS.involves("ner")].sum()
    assert (table["ranking"] > 0.8).all()


def test_undecided_pairs_do_not_count():
    gains = GAINS.assign(verdict=np.where(GAINS.gain.abs() < 2, "undecided", GAINS.verdict))
    pairs, _ = KnownPairs.of(FEATURES, gains, ["labels"])
    found = validate(pairs, runs=2)
    assert found.undecided == (GAINS.gain.abs() < 2).sum()
    assert found.pairs == 56 - found.undecided
    assert found.new_task.reliability["predictions"].sum() == 2 * found.pairs


def test_too_few_pairs_are_told():
    few = GAINS.head(9)
    pairs, _ = KnownPairs.of(FEATURES, few, ["labels"])
    with pytest.raises(UserError, match=r"9 pairs of .* tasks with a gain or a loss are too few to validate"):
        validate(pairs)


def test_in_short_it_is_the_same_without_what_takes_long():
    whole, short = validate(PAIRS, runs=2), validate(PAIRS, runs=2, in_full=False)
    assert short.random_pairs.accuracy == whole.random_pairs.accuracy
    assert short.new_task.brier == whole.new_task.brier
    assert short.new_tasks is short.new_task.names is short.random_pairs.names is None
