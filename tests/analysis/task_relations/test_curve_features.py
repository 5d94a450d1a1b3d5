from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.curve_features import curve_features
from hf_sluice.analysis.task_relations.curves import LearningCurve
from hf_sluice.analysis.task_relations.definitions import PERCENTS, feature_names
from tests.analysis.task_relations.noisy_curves import BUDGET, logarithmic_curve


def test_gradients_of_a_curve_worked_by_hand():
    """Losses 20, 19, …, 1 at steps 5, 10, …, 100, but one of them: around it, gradients differ."""
    steps = np.arange(5, 101, 5)
    losses = np.arange(20.0, 0.0, -1.0)
    losses[5] = 25.0  # at step 30; the first point beyond 20 % is step 25, between steps 20 (loss 17) and 30
    values = curve_features(LearningCurve("pos", steps, losses, 100)).values

    assert values["gradient_10"] == pytest.approx((17 - 19) / 10)  # around step 15
    assert values["gradient_20"] == pytest.approx((25 - 17) / 10)
    assert values["gradient_30"] == pytest.approx((13 - 25) / 10)  # around step 35
    assert values["gradient_50"] == pytest.approx(-0.2)
    assert values["gradient_70"] == pytest.approx(-0.2)


def test_a_whole_curve_has_all_seven_features():
    curve = logarithmic_curve(-0.4, 0.05, 3.0, noise=0.01)
    found = curve_features(curve)
    assert list(found.values) == feature_names("curve")
    assert found.problems == []
    assert found.values["curve_a"] == pytest.approx(-0.4, rel=0.03)
    assert found.values["curve_c"] > 0


def test_the_beginning_of_a_curve_has_the_gradients_that_it_reaches():
    whole = logarithmic_curve(-0.4, 0.05, 3.0, noise=0.01)
    beginning = LearningCurve("pos", whole.steps[:70], whole.losses[:70], BUDGET)
    found, expected = curve_features(beginning), curve_features(whole)

    known = [f"gradient_{percent}" for percent in PERCENTS if percent <= 30]
    assert {name for name, value in found.values.items() if value is not None} == set(known)
    assert all(found.values[name] == expected.values[name] for name in known)
    assert found.problems == [
        "loss curve of task 'pos': no points around 50, 70 % of the budget of 2000 steps",
        "loss curve of task 'pos': it ends at step 700 of 2000; the logarithmic fit takes the whole curve",
    ]


def test_a_curve_that_is_too_short_is_told():
    found = curve_features(LearningCurve("pos", np.array([10, 50, 100]), np.array([3.0, 2.0, 1.0]), 100))
    assert set(found.values.values()) == {None}
    assert found.problems == [
        "loss curve of task 'pos': no points around 10, 20, 30, 50, 70 % of the budget of 100 steps",
        "loss curve of task 'pos': 3 points are too few for the logarithmic fit; it takes at least 10",
    ]


def test_a_flat_curve_has_gradients_of_0_and_no_fit():
    found = curve_features(LearningCurve("pos", np.arange(1, 101), np.full(100, 2.0), 100))
    assert [found.values[f"gradient_{percent}"] for percent in PERCENTS] == [0.0] * 5
    assert found.values["curve_a"] is found.values["curve_c"] is None
    assert found.problems == ["loss curve of task 'pos': the curve is flat (every loss is 2): there is nothing to fit"]
