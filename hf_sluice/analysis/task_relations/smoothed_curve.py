"""Robust features of learning curves: level and gradient of the smoothed curve, with standard errors.

The paper's gradients are differences of a noisy loss over steps. Those here are slopes of a line through all points
around, and are per budget, not per step, so that trainings of different lengths compare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.curve_features import CurveFeatures
from hf_sluice.analysis.task_relations.definitions import ERROR_SUFFIX, PERCENTS, feature_names
from hf_sluice.analysis.task_relations.local_line import LocalLine, local_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.curves import LearningCurve, ScoreCurve
    from hf_sluice.analysis.task_relations.definitions import FeatureGroup

_HALF_WIDTH = 0.1  # of the budget; early, where a curve bends, half of the place itself
_WIDEST = 0.15
_WIDEST_FOR_SCORES = 0.5  # there is often but one an epoch


def smoothed_features(curve: LearningCurve) -> CurveFeatures:
    """``smoothed_gradient``, ``smoothed_level`` and ``relative_gradient`` at 10, 20, 30, 50 and 70 % of the budget.

    The window reaches 5, 10, 10, 10 and 10 % of the budget to both sides; at the end of a curve that ends there, to
    one. Each feature has its standard error beside it. What cannot be had is None, and a problem is told: a place that
    the curve does not reach or has fewer than 5 points near, and the relative gradient of a loss that is not positive.
    """
    lines, problems = _lines(curve, curve.losses, f"loss curve of task {curve.task!r}", _WIDEST)
    values = _unknown("smoothed")
    for percent, line in lines.items():
        _put(values, f"smoothed_gradient_{percent}", line.gradient, line.gradient_error)
        _put(values, f"smoothed_level_{percent}", line.level, line.level_error)
        if line.level > 0:
            # The error of the level is small beside that of the gradient, and not counted.
            _put(values, f"relative_gradient_{percent}", line.gradient / line.level, line.gradient_error / line.level)
        else:
            place = f"loss curve of task {curve.task!r}: its smoothed level at {percent} % of the budget"
            problems.append(f"{place}, {line.level:g}, is not positive; there is no relative gradient")
    return CurveFeatures(values, problems)


def score_features(curve: ScoreCurve) -> CurveFeatures:
    """``score_level`` and ``score_gradient`` at 10, 20, 30, 50 and 70 % of the budget, with standard errors.

    As for the loss, but the window is widened as far as half the budget, to have its 5 points. What cannot be had is
    None, and a problem is told.
    """
    place = f"score curve of task {curve.task!r}"
    lines, problems = _lines(curve, curve.scores, place, _WIDEST_FOR_SCORES)
    values = _unknown("score")
    for percent, line in lines.items():
        _put(values, f"score_gradient_{percent}", line.gradient, line.gradient_error)
        _put(values, f"score_level_{percent}", line.level, line.level_error)
    return CurveFeatures(values, problems)


def _lines(
    curve: LearningCurve | ScoreCurve, values: NDArray, place: str, widest: float
) -> tuple[Mapping[int, LocalLine], list[str]]:
    """The line at each percentage that has one."""
    shares = curve.shares
    last = shares[-1] + (shares[-1] - shares[-2])  # where the next point would lie
    found, unknown = {}, []
    for percent in PERCENTS:
        at = percent / 100
        line = local_line(shares, values, at, min(_HALF_WIDTH, at / 2), widest) if last > at else None
        if line is None:
            unknown.append(str(percent))
        else:
            found[percent] = line
    if not unknown:
        return found, []
    where = f"around {', '.join(unknown)} % of the budget of {curve.budget} steps"
    return found, [f"{place}: fewer than 5 points {where}; it has {len(shares)}, up to step {curve.steps[-1]}"]


def _unknown(group: FeatureGroup) -> dict[str, float | None]:
    names = feature_names(group)
    return {column: None for name in names for column in (name, name + ERROR_SUFFIX)}


def _put(values: dict[str, float | None], name: str, value: float, error: float) -> None:
    values[name] = value
    values[name + ERROR_SUFFIX] = error
