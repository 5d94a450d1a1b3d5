from __future__ import annotations

import numpy as np

from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from tests.analysis.task_relations.known_relations import TASKS, known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))


def test_features_and_gains_are_put_together():
    pairs, left_out = KnownPairs.of(FEATURES, GAINS, ["labels"])
    assert left_out == []
    assert pairs.columns == ["main labels", "auxiliary labels", "main/auxiliary labels"]
    assert np.array_equal(pairs.matrix[:, 0] - pairs.matrix[:, 1], pairs.gains)
    assert np.array_equal(pairs.is_gain, pairs.gains > 0)
    assert pairs.is_decided.all()
    assert pairs.tasks == list(TASKS)


def test_a_feature_that_is_not_known_for_all_pairs_is_left_out_and_told():
    features = FEATURES.copy()
    features.loc["ner", "noise"] = None
    features.loc["pos", "labels"] = 0
    pairs, left_out = KnownPairs.of(features, GAINS, ["labels", "noise"])
    assert pairs.columns == ["main labels", "auxiliary labels"]
    assert len(left_out) == 2
    assert KnownPairs.of(features, GAINS, ["labels", "noise"], ["main labels"])[1] == []  # nothing of it was wanted


def test_some_pairs_and_some_columns():
    pairs, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise"])
    with_ner = pairs.involves("ner")
    assert with_ner.sum() == 2 * (len(TASKS) - 1)
    without = pairs.take(~with_ner)
    assert "ner" not in without.tasks
    assert len(without.gains) == len(without.verdicts) == len(pairs.gains) - with_ner.sum()
    assert pairs.with_columns(["main noise"]).columns == ["main noise"]


def test_undecided_pairs_are_neither():
    verdicts = GAINS.assign(verdict=np.where(GAINS.gain.abs() < 2, "undecided", GAINS.verdict))
    pairs, _ = KnownPairs.of(FEATURES, verdicts, ["labels"])
    assert np.array_equal(~pairs.is_decided, np.abs(pairs.gains) < 2)
    assert not (pairs.is_gain & ~pairs.is_decided).any()


def test_names_alone_tell_tasks_apart_and_nothing_else():
    named = KnownPairs.of(FEATURES, GAINS, ["labels"])[0].names_alone()
    assert named.matrix.shape == (len(GAINS), 2 * len(TASKS))
    assert (named.matrix.sum(axis=1) == 2).all()
    assert named.values.loc[("ner", "pos"), ["main is ner", "auxiliary is pos"]].tolist() == [1, 1]
