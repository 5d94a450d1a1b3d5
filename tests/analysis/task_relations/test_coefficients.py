from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.coefficients import coefficient_spread
from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.logistic import FitSettings, fit_log_odds
from hf_sluice.analysis.task_relations.scaling import Scaling
from tests.analysis.task_relations.known_relations import known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))
PAIRS, _ = KnownPairs.of(FEATURES, GAINS, ["labels", "noise"])


def test_the_largest_comes_first_and_what_makes_gains_has_one_sign():
    table = coefficient_spread(PAIRS, runs=10)
    assert list(table["coefficient"].abs()) == sorted(table["coefficient"].abs(), reverse=True)
    assert set(table.index[:3]) == {"main labels", "auxiliary labels", "main/auxiliary labels"}
    assert table.loc["main labels", "coefficient"] > 1 > -1 > table.loc["auxiliary labels", "coefficient"]
    assert table.loc["main labels", "same_sign"] == 1
    assert (table["same_sign"] >= 0.5).all()


def test_mean_and_deviation_are_those_over_draws():
    scaled = Scaling.of(PAIRS.matrix).apply(PAIRS.matrix)
    drawn = []
    for run in range(3):
        rows = np.random.default_rng(run).permutation(56)[:45]
        drawn.append(fit_log_odds(scaled[rows], PAIRS.is_gain[rows], FitSettings()).coefficients)
    table = coefficient_spread(PAIRS, runs=3).loc[PAIRS.columns]
    assert table["coefficient"].to_numpy() == pytest.approx(np.mean(drawn, axis=0))
    assert table["spread"].to_numpy() == pytest.approx(np.std(drawn, axis=0, ddof=1))
