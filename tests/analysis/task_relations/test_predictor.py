from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import SETTINGS_OF_2017, FitSettings, fit_log_odds
from hf_sluice.analysis.task_relations.predictor import GainPredictor
from hf_sluice.analysis.task_relations.scaling import Scaling
from hf_sluice.errors import UserError
from tests.analysis.task_relations.known_relations import known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))
PAIRS, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise", "curve_a"])


@pytest.fixture(params=[None, SETTINGS_OF_2017], ids=["today", "2017"])
def predictor(request):
    return GainPredictor.fit(PAIRS, request.param)


def test_it_learns_what_makes_for_gains(predictor):
    assert np.mean((predictor.probabilities(PAIRS.values) > 0.5) == PAIRS.is_gain) > 0.95
    assert np.corrcoef(predictor.sizes(PAIRS.values), PAIRS.gains)[0, 1] > 0.95
    coefficients = dict(zip(predictor.columns, predictor.log_odds.coefficients, strict=True))
    assert coefficients["main labels"] > 1
    assert coefficients["auxiliary labels"] < -1
    assert abs(coefficients["main noise"]) < coefficients["main labels"] / 2


def test_contributions_add_up_to_the_log_odds(predictor):
    """coefficient · (scaled value − mean), per feature; with the log odds of the mean pair, they are the pair's."""
    contributions = predictor.contributions(PAIRS.values)
    probabilities = predictor.probabilities(PAIRS.values)
    log_odds = np.log(probabilities / (1 - probabilities))
    of_mean = predictor.log_odds.coefficients @ predictor.centre + predictor.log_odds.intercept
    assert np.allclose(contributions.sum(axis=1) + of_mean, log_odds)
    assert np.allclose(contributions.mean(), 0)
    scaled = (FEATURES.labels["ner"] - 1) / 7
    expected = predictor.log_odds.coefficients[0] * (scaled - 0.5)
    assert contributions.loc[("ner", "pos"), "main labels"] == pytest.approx(expected)


def test_units_of_features_do_not_matter():
    other, _ = KnownPairs.of(FEATURES * [1000, 1, -1], GAINS, ["labels", "noise", "curve_a"])
    one, two = GainPredictor.fit(PAIRS), GainPredictor.fit(other)
    assert np.allclose(one.probabilities(PAIRS.values), two.probabilities(other.values), atol=1e-4)


def test_undecided_pairs_have_no_say_in_whether_but_in_how_large():
    undecided = GAINS.assign(verdict=np.where(GAINS.gain.abs() < 2, "undecided", GAINS.verdict))
    pairs, _ = KnownPairs.of(FEATURES, undecided, ["labels"])
    turned = undecided.assign(gain=np.where(undecided.verdict == "undecided", -undecided.gain, undecided.gain))
    others, _ = KnownPairs.of(FEATURES, turned, ["labels"])
    one, other = GainPredictor.fit(pairs), GainPredictor.fit(others)
    assert np.array_equal(one.probabilities(pairs.values), other.probabilities(pairs.values))
    decided = pairs.take(pairs.is_decided)
    scaled = Scaling.of(pairs.matrix).apply(decided.matrix)
    expected = fit_log_odds(scaled, decided.is_gain, FitSettings())
    assert np.array_equal(one.log_odds.coefficients, expected.coefficients)
    assert not np.allclose(one.sizes(pairs.values), other.sizes(pairs.values))


@pytest.mark.parametrize(
    ("gains", "columns", "message"),
    [
        (GAINS[GAINS.gain > 0], ["main labels"], "28 gains and 0 losses: a predictor is fitted to pairs of both kinds"),
        (GAINS, [], "no feature is known for all pairs of tasks"),
    ],
)
def test_what_nothing_can_be_learned_from_is_refused(gains, columns, message):
    pairs, _ = KnownPairs.of(FEATURES, gains, ["labels"], columns)
    with pytest.raises(UserError, match=message):
        GainPredictor.fit(pairs)


def test_a_gap_is_not_filled():
    with pytest.raises(ValueError, match="fit a predictor without it"):
        GainPredictor.fit(PAIRS).probabilities(PAIRS.values.mask(PAIRS.values == 1))
