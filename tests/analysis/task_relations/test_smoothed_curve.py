from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.curves import LearningCurve, ScoreCurve
from hf_sluice.analysis.task_relations.definitions import PERCENTS
from hf_sluice.analysis.task_relations.smoothed_curve import score_features, smoothed_features
from tests.analysis.task_relations.noisy_curves import BUDGET, logarithmic_curve


def test_of_a_straight_curve_worked_by_hand():
    """4 at the start, 2 at the end: at 30 % the loss is 3.4 and falls by 2 per budget, 2/3.4 of itself."""
    steps = np.arange(10, 1001, 10)
    values = smoothed_features(LearningCurve("pos", steps, 4 - 2 * steps / 1000, 1000)).values
    assert values["smoothed_level_30"] == pytest.approx(3.4)
    assert values["smoothed_gradient_30"] == pytest.approx(-2)
    assert values["relative_gradient_30"] == pytest.approx(-2 / 3.4)
    assert values["smoothed_gradient_30_error"] == pytest.approx(0, abs=1e-9)


def test_gradients_of_a_noisy_curve_are_those_of_the_curve_within_their_errors():
    a, rate, level = -0.4, 0.05, 3.0
    values = smoothed_features(logarithmic_curve(a, rate, level, noise=0.02)).values
    for percent in PERCENTS:
        step = BUDGET * percent / 100
        gradient = BUDGET * a * rate / (rate * step + 1)
        assert abs(values[f"smoothed_gradient_{percent}"] - gradient) < 3 * values[f"smoothed_gradient_{percent}_error"]
        assert values[f"smoothed_level_{percent}"] == pytest.approx(a * np.log(rate * step + 1) + level, abs=0.02)


def test_the_same_training_in_other_units_has_the_same_relative_gradients():
    curve = logarithmic_curve(-0.4, 0.05, 3.0, noise=0.02)
    longer = LearningCurve("pos", 50 * curve.steps, 7 * curve.losses, 50 * BUDGET)
    one, other = smoothed_features(curve).values, smoothed_features(longer).values
    for percent in PERCENTS:
        for name in (f"relative_gradient_{percent}", f"relative_gradient_{percent}_error"):
            assert other[name] == pytest.approx(one[name])
        assert other[f"smoothed_gradient_{percent}"] == pytest.approx(7 * one[f"smoothed_gradient_{percent}"])


def test_the_beginning_of_a_curve_says_what_it_reaches():
    whole = logarithmic_curve(-0.4, 0.05, 3.0, noise=0.01)
    found = smoothed_features(LearningCurve("pos", whole.steps[:60], whole.losses[:60], BUDGET))
    expected = smoothed_features(whole).values
    assert found.values["smoothed_gradient_10"] == expected["smoothed_gradient_10"]
    assert found.values["smoothed_level_30"] == pytest.approx(expected["smoothed_level_30"], abs=0.02)
    assert found.values["smoothed_gradient_30_error"] > expected["smoothed_gradient_30_error"]  # one side only
    assert found.values["smoothed_level_50"] is found.values["relative_gradient_70_error"] is None
    (problem,) = found.problems
    assert problem.startswith("loss curve of task 'pos': fewer than 5 points around 50, 70 % of the budget of 2000")
    assert problem.endswith("it has 60, up to step 600")


def test_a_curve_is_not_drawn_on_beyond_its_end():
    whole = logarithmic_curve(-0.4, 0.05, 3.0, noise=0.01)
    values = smoothed_features(LearningCurve("pos", whole.steps[:80], whole.losses[:80], BUDGET)).values
    assert values["smoothed_level_30"] is not None
    assert values["smoothed_level_50"] is None  # though it has points near enough for a line


def test_a_loss_that_is_not_positive_has_no_relative_gradient():
    steps = np.arange(1, 101)
    found = smoothed_features(LearningCurve("pos", steps, 0.6 - steps / 100, 100))
    assert found.values["relative_gradient_50"] == pytest.approx(-10)
    assert found.values["relative_gradient_70"] is None
    assert found.values["smoothed_gradient_70"] == pytest.approx(-1)
    (problem,) = found.problems
    assert "at 70 % of the budget, -0.1, is not positive" in problem


def test_development_scores():
    steps = np.arange(100, 1001, 100)  # ten epochs
    found = score_features(ScoreCurve("pos", steps, 0.2 + 0.5 * steps / 1000, 1000))
    assert found.problems == []
    for percent in PERCENTS:
        assert found.values[f"score_level_{percent}"] == pytest.approx(0.2 + percent / 200)
        assert found.values[f"score_gradient_{percent}"] == pytest.approx(0.5)

    few = score_features(ScoreCurve("pos", steps[:3], np.array([0.1, 0.2, 0.3]), 1000))
    assert set(few.values.values()) == {None}
    (problem,) = few.problems
    assert problem.startswith("score curve of task 'pos': fewer than 5 points around 10, 20, 30, 50, 70 %")
