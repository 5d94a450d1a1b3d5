from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.curves import CurveError, LearningCurve, ScoreCurve

NAN = float("nan")


@pytest.mark.parametrize("curve", [LearningCurve, ScoreCurve])
@pytest.mark.parametrize(
    ("steps", "values", "budget", "message"),
    [
        ([10, 20, 30], [3.0, NAN, 1.0], 30, "curve of task 'pos': the .* at step 20 is nan; it should be a finite"),
        ([10, 20, 30], [3.0, 2.0, float("inf")], 30, "at step 30 is inf; it should be a finite number"),
        ([10, 30, 20], [3.0, 2.0, 1.0], 30, "step 20 follows step 30; steps should increase"),
        ([10, 20, 20], [3.0, 2.0, 1.0], 30, "step 20 follows step 20; steps should increase"),
        ([10, 20, 30], [3.0, 2.0, 1.0], 29, "step 30 lies beyond the budget, 29 steps"),
        ([-1, 20, 30], [3.0, 2.0, 1.0], 30, "step -1.0 should be a whole number of at least 0"),
        ([1.5, 20, 30], [3.0, 2.0, 1.0], 30, "step 1.5 should be a whole number of at least 0"),
        ([10], [3.0], 30, "1 points are too few; it takes at least"),
        ([10, 20], [3.0], 30, "there should be one value a step"),
    ],
)
def test_what_is_no_curve_is_told_in_one_line(curve, steps, values, budget, message):
    with pytest.raises(CurveError, match=message) as caught:
        curve("pos", np.array(steps), np.array(values), budget)
    assert "\n" not in str(caught.value)


def test_a_curve_may_be_the_beginning_of_one_and_cannot_be_changed():
    losses = np.array([3.0, 2.0, 1.5])
    curve = LearningCurve("pos", np.array([10, 20, 30]), losses, budget=100)
    losses[0] = 9

    assert curve.shares.tolist() == [0.1, 0.2, 0.3]
    assert curve.losses.tolist() == [3.0, 2.0, 1.5]
    with pytest.raises(ValueError, match="read-only"):
        curve.losses[0] = 0


def test_two_losses_are_too_few_and_two_scores_are_not():
    steps, values = np.array([1, 2]), np.array([0.5, 0.6])
    assert ScoreCurve("pos", steps, values, 2).scores.tolist() == [0.5, 0.6]
    with pytest.raises(CurveError, match="loss curve of task 'pos': 2 points are too few; it takes at least 3"):
        LearningCurve("pos", steps, values, 2)
