"""The learning curve of several runs of a task that differ in their seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hf_sluice.analysis.task_relations.curves import CurveError, LearningCurve, ScoreCurve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_Curve = TypeVar("_Curve", LearningCurve, ScoreCurve)


def mean_learning_curve(curves: Sequence[LearningCurve]) -> LearningCurve:
    """The mean loss at each point.

    Args:
        curves: at least one, of one task.

    Raises:
        CurveError: they have other points or budgets.
    """
    first = _alike(curves)
    return LearningCurve(first.task, first.steps, _mean([curve.losses for curve in curves]), first.budget)


def mean_score_curve(curves: Sequence[ScoreCurve]) -> ScoreCurve:
    """The mean score at each point.

    Args:
        curves: at least one, of one task.

    Raises:
        CurveError: they have other points or budgets.
    """
    first = _alike(curves)
    return ScoreCurve(first.task, first.steps, _mean([curve.scores for curve in curves]), first.budget)


def _alike(curves: Sequence[_Curve]) -> _Curve:
    first, *others = curves
    for curve in others:
        if curve.budget != first.budget or not np.array_equal(curve.steps, first.steps):
            raise CurveError(
                f"curves of task {first.task!r}: one has {len(first.steps)} points of a budget of {first.budget} "
                f"steps, another {len(curve.steps)} of {curve.budget}; runs should agree in budget and log_steps"
            )
    return first


def _mean(values: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.mean(values, axis=0)
    return mean
