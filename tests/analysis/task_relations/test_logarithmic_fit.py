from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.logarithmic_fit import FitError, LogarithmicFit, fit_logarithm
from tests.analysis.task_relations.noisy_curves import logarithmic_curve


@pytest.mark.parametrize(
    ("a", "rate", "level"), [(-0.4, 0.05, 3.0), (-1.0, 0.01, 6.0), (-0.2, 0.3, 1.5), (0.3, 0.1, 1.0)]
)
def test_known_parameters_are_found_again_in_a_noisy_curve(a, rate, level):
    curve = logarithmic_curve(a, rate, level, noise=0.01)
    fit = fit_logarithm(curve.steps, curve.losses)

    assert fit.a == pytest.approx(a, rel=0.03)
    assert fit.rate == pytest.approx(rate, rel=0.15)
    assert fit.level == pytest.approx(level, abs=0.05)
    assert np.std(fit.at(curve.steps.astype(float)) - curve.losses) == pytest.approx(0.01, rel=0.2)


def test_a_common_factor_of_c_and_d_is_another_b():
    """So that no curve tells what c is: Bingel & Søgaard's feature of that name is where the optimiser stopped."""
    steps = np.arange(1.0, 50.0)
    one = LogarithmicFit(a=-0.5, b=3.0, c=0.2, d=2.0)
    other = LogarithmicFit(a=-0.5, b=3.0 + 0.5 * np.log(7), c=7 * 0.2, d=7 * 2.0)

    assert np.allclose(one.at(steps), other.at(steps))
    assert one.rate == pytest.approx(other.rate)
    assert one.level == pytest.approx(other.level)
    assert one.c != other.c


def test_of_many_points_some_are_taken():
    many = np.arange(1, 5001)
    losses = -0.4 * np.log(0.05 * many + 1) + 3.0 + 0.01 * np.random.default_rng(0).normal(size=5000)
    losses[np.arange(5000) % 10 != 0] = 99  # every tenth of 5,000 is read
    assert fit_logarithm(many, losses).a == pytest.approx(-0.4, rel=0.02)


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        (np.linspace(3, 1, 9), "9 points are too few for the logarithmic fit; it takes at least 10"),
        (np.full(200, 1.5), r"the curve is flat \(every loss is 1.5\)"),
        (np.array([-1e300, 1e300] * 20), "the logarithmic fit does not converge"),
    ],
)
def test_what_cannot_be_fitted_is_told(losses, message):
    with pytest.raises(FitError, match=message):
        fit_logarithm(np.arange(1, len(losses) + 1), losses)


def test_noise_around_a_level_has_no_fit():
    told = []
    for seed in range(10):
        losses = 1 + 0.1 * np.random.default_rng(seed).normal(size=200)
        with pytest.raises(FitError) as caught:
            fit_logarithm(np.arange(1, 201), losses)
        told.append(str(caught.value))
    assert any(line.startswith("the curve is flat (a logarithm explains ") for line in told)
