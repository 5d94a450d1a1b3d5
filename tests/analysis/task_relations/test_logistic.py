from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, Ridge

from hf_sluice.analysis.task_relations.logistic import (
    SETTINGS_OF_2017,
    FitSettings,
    fit_log_odds,
    fit_size,
    probability,
)

GENERATOR = np.random.default_rng(0)
X = GENERATOR.uniform(size=(60, 5))
IS_GAIN = (X @ [2, -1, 0, 0.5, 0] + 0.3 * GENERATOR.normal(size=60)) > 1
GAIN = 10 * X[:, 0] - 3 + GENERATOR.normal(size=60)


def penalised_loss(line, *, with_intercept):
    odds = X @ line[:5] + line[5]
    penalty = np.sum(line[:5] ** 2) + with_intercept * line[5] ** 2
    return np.sum(np.logaddexp(0, np.where(IS_GAIN, -odds, odds))) + penalty / 2


@pytest.mark.parametrize("settings", [FitSettings(), SETTINGS_OF_2017])
def test_it_is_the_minimum_of_the_penalised_loss(settings):
    fitted = fit_log_odds(X, IS_GAIN, settings)
    found = minimize(lambda line: penalised_loss(line, with_intercept=settings.penalise_intercept), np.zeros(6))
    assert np.allclose([*fitted.coefficients, fitted.intercept], found.x, atol=2e-3)


def test_by_default_it_is_scikit_learns_default():
    fitted, usual = fit_log_odds(X, IS_GAIN, FitSettings()), LogisticRegression(tol=1e-8).fit(X, IS_GAIN)
    assert np.allclose(fitted.coefficients, usual.coef_[0], atol=1e-3)
    assert np.allclose(probability(fitted.at(X)), usual.predict_proba(X)[:, 1], atol=1e-3)


def test_a_smaller_c_has_smaller_coefficients():
    strong, weak = (fit_log_odds(X, IS_GAIN, FitSettings(inverse_penalty=c)) for c in (0.01, 100))
    assert np.abs(strong.coefficients).max() < 0.1 * np.abs(weak.coefficients).max()


@pytest.mark.parametrize(("kind", "odds"), [(True, 61.0), (False, 1 / 61)])
def test_of_one_kind_alone_nothing_is_learned(kind, odds):
    fitted = fit_log_odds(X, np.full(60, kind), FitSettings())
    assert not fitted.coefficients.any()
    assert np.exp(fitted.intercept) == pytest.approx(odds)


def test_sizes_are_by_ridge_regression():
    fitted, usual = fit_size(X, GAIN, FitSettings(inverse_penalty=0.5)), Ridge(alpha=2.0).fit(X, GAIN)
    assert np.allclose(fitted.coefficients, usual.coef_)
    assert fitted.intercept == pytest.approx(float(usual.intercept_))
