from __future__ import annotations

import pytest

from hf_sluice.analysis.task_relations.curves import CurveError, LearningCurve, ScoreCurve
from hf_sluice.analysis.task_relations.mean_curves import mean_learning_curve, mean_score_curve

STEPS = [10, 20, 30]


def test_losses_are_averaged_point_by_point():
    curves = [LearningCurve("pos", STEPS, [3, 2, 1], 40), LearningCurve("pos", STEPS, [1, 1, 1], 40)]
    mean = mean_learning_curve(curves)

    assert (mean.task, mean.steps.tolist(), mean.losses.tolist(), mean.budget) == ("pos", STEPS, [2, 1.5, 1], 40)


def test_scores_are_averaged_point_by_point():
    curves = [ScoreCurve("pos", STEPS, [0.2, 0.4, 0.6], 30), ScoreCurve("pos", STEPS, [0.4, 0.4, 0.4], 30)]

    assert mean_score_curve(curves).scores.tolist() == pytest.approx([0.3, 0.4, 0.5])


@pytest.mark.parametrize(("steps", "budget"), [([10, 20, 31], 40), ([10, 20, 30, 40], 40), (STEPS, 50)])
def test_curves_of_other_points_or_budgets_are_refused(steps, budget):
    curves = [LearningCurve("pos", STEPS, [1, 1, 1], 40), LearningCurve("pos", steps, [1] * len(steps), budget)]

    with pytest.raises(CurveError, match="curves of task 'pos': one has 3 points of a budget of 40 steps, another "):
        mean_learning_curve(curves)
