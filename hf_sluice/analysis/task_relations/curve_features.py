"""The paper's seven features of a learning curve: raw differences of the loss, and its logarithmic fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.definitions import PERCENTS, feature_names
from hf_sluice.analysis.task_relations.logarithmic_fit import FitError, fit_logarithm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.curves import LearningCurve

_NEAR = 5  # per cent of the budget: how far from where it belongs a gradient may be taken


@dataclass(frozen=True)
class CurveFeatures:
    """Features of one task.

    Args:
        values: by name; None for one that the curve does not tell.
        problems: why, one line each, with the task's name.
    """

    values: dict[str, float | None]
    problems: list[str]


def curve_features(curve: LearningCurve) -> CurveFeatures:
    """Features as in the paper: ``gradient_10`` … ``gradient_70``, ``curve_a``, ``curve_c``.

    A gradient is (L[n+1] − L[n−1]) / (i[n+1] − i[n−1]), per step, where n is the first point beyond the share of the
    budget, which is where the authors' notebook takes it. It is a difference of two noisy losses; for one that is not
    see :mod:`~hf_sluice.analysis.task_relations.smoothed_curve`.

    What cannot be had is None, and a problem is told: a gradient at a place that the curve does not reach or has no
    points near; the fit of a curve that ends before its budget, has fewer than 10 points or is flat, or a fit that does
    not converge.
    """
    values: dict[str, float | None] = dict.fromkeys(feature_names("curve"))
    problems = []
    unknown = []
    for percent in PERCENTS:
        place = _place(curve, percent)
        if place is None:
            unknown.append(str(percent))
        else:
            values[f"gradient_{percent}"] = raw_gradient(curve.steps, curve.losses, place)
    if unknown:
        problems.append(f"no points around {', '.join(unknown)} % of the budget of {curve.budget} steps")
    try:
        values["curve_a"], values["curve_c"] = _fitted(curve)
    except FitError as error:
        problems.append(str(error))
    return CurveFeatures(values, [f"loss curve of task {curve.task!r}: {problem}" for problem in problems])


def raw_gradient(steps_N: NDArray[np.int64], losses_N: NDArray[np.float64], n: int) -> float:
    """The difference of the losses around point n over that of the steps."""
    return float((losses_N[n + 1] - losses_N[n - 1]) / (steps_N[n + 1] - steps_N[n - 1]))


def _place(curve: LearningCurve, percent: int) -> int | None:
    """The number of the first point beyond a percentage of the budget."""
    n = int(np.searchsorted(100 * curve.steps, percent * curve.budget, side="right"))
    if not 0 < n < len(curve.steps) - 1:
        return None
    before, beyond = 100 * curve.steps[n - 1 : n + 1] - percent * curve.budget
    return n if max(-before, beyond) <= _NEAR * curve.budget else None


def _fitted(curve: LearningCurve) -> tuple[float, float]:
    """A and c of the whole curve."""
    between = float(np.median(np.diff(curve.steps)))
    if curve.steps[-1] + between < curve.budget:
        raise FitError(
            f"it ends at step {curve.steps[-1]} of {curve.budget}; the logarithmic fit takes the whole curve"
        )
    fit = fit_logarithm(curve.steps, curve.losses)
    return fit.a, fit.c
