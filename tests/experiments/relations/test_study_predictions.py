from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.definitions import FEATURES
from hf_sluice.analysis.task_relations.relations import TaskRelations
from hf_sluice.experiments.relations.study_predictions import BY_SIGN, LEFT_OUT, ShippedScores, study_predictions

TASKS = list("abcdef")


def features():
    """Random, but for ``oov_rate``, which is not known."""
    names = [feature.name for feature in FEATURES]
    values = np.random.default_rng(0).uniform(0.5, 2, size=(len(TASKS), len(names)))
    return pd.DataFrame(values, index=pd.Index(TASKS, name="task"), columns=names).assign(oov_rate=np.nan)


def gains(undecided=5):
    """A main task gains from those that stand before it; the first pairs are undecided."""
    rows = [
        (main, auxiliary, 3.0 if main > auxiliary else -3.0) for main, auxiliary in itertools.permutations(TASKS, 2)
    ]
    verdicts = ["undecided" if number < undecided else "gain" if gain > 0 else "loss"
                for number, (*_, gain) in enumerate(rows)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["main", "auxiliary", "gain"])
    return table.assign(spread=1.0, seeds=3, verdict=verdicts)


@pytest.fixture(scope="module")
def predictions():
    return study_predictions(features(), gains(), "study tiny", runs=2)


def test_the_predictor_kept_is_the_one_without_undecided_pairs(predictions):
    expected = TaskRelations.from_tables(features(), gains(), "study tiny").fit()
    table = expected.known_pairs.values

    np.testing.assert_array_equal(
        predictions.fitted.predictor.probabilities(table), expected.predictor.probabilities(table)
    )
    assert predictions.fitted.source == "study tiny"
    assert predictions.fitted_to == LEFT_OUT


def test_where_no_loss_is_decided_the_predictor_kept_takes_undecided_pairs_by_sign():
    table = gains()
    table.loc[table["verdict"] == "loss", "verdict"] = "undecided"
    found = study_predictions(features(), table, "study tiny", runs=2)
    expected = TaskRelations.from_tables(features(), table.drop(columns="verdict")).fit()

    assert found.fitted_to == BY_SIGN
    assert found.fitted.source == "study tiny, undecided pairs by sign"
    values = expected.known_pairs.values
    np.testing.assert_array_equal(
        found.fitted.predictor.probabilities(values), expected.predictor.probabilities(values)
    )


def test_undecided_pairs_are_left_out_and_once_taken_by_sign(predictions):
    pairs = {treatment: found.pairs for (_, treatment), found in predictions.validations.items()}

    assert pairs == {LEFT_OUT: 25, BY_SIGN: 30}
    assert {treatment: found.pairs for treatment, found in predictions.shipped.items()} == pairs


def test_features_that_are_not_known_of_all_tasks_are_not_read_and_counted(predictions):
    names = [name for name, treatment in predictions.validations if treatment == LEFT_OUT]

    assert names == ["the paper's (13 of 14)", "the paper's of data (6 of 7)", "default (10 of 10)"]


def test_without_undecided_pairs_signs_say_nothing_more():
    found = study_predictions(features(), gains(undecided=0), "", runs=2)

    assert {treatment for _, treatment in found.validations} == {LEFT_OUT} == set(found.shipped)


def test_the_shipped_predictor_is_tried_as_it_is(predictions):
    shipped, by_sign = TaskRelations.published(), predictions.shipped[BY_SIGN]
    pairs = list(zip(gains()["main"], gains()["auxiliary"], strict=True))
    says = (shipped.predict(features(), pairs)["probability"] > 0.5).to_numpy()
    is_gain = (gains()["gain"] > 0).to_numpy()

    assert by_sign.accuracy == pytest.approx((says == is_gain).mean())
    assert by_sign.f1 == pytest.approx(2 * (says & is_gain).sum() / (says.sum() + is_gain.sum()))
    assert (by_sign.majority_accuracy, by_sign.majority_f1) == pytest.approx((0.5, 2 / 3))
    assert -1 <= by_sign.rank_correlation <= 1
    assert list(predictions.shipped_outside.index) == TASKS


def test_too_few_pairs_are_a_reason_and_no_failure():
    few = gains(undecided=0).head(3)
    found = study_predictions(features(), few.assign(gain=1.0, verdict="gain"), "")

    assert found.fitted == "3 gains and 0 losses: a predictor is fitted to pairs of both kinds"
    assert all(isinstance(reason, str) for reason in found.validations.values())
    assert isinstance(found.shipped[LEFT_OUT], ShippedScores)


def test_no_pairs_at_all_are_a_reason_too():
    found = study_predictions(features(), gains().head(0), "")

    assert isinstance(found.fitted, str)
    assert isinstance(found.shipped[LEFT_OUT], str)
