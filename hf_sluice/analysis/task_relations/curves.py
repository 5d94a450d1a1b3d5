"""Learning curves: what a task's training loss, or its development score, was after how many steps.

Shape letters: N points of a curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_FEWEST_LOSSES = 3  # a difference around a point takes one on each side
_FEWEST_SCORES = 2


class CurveError(UserError):
    """A learning curve that cannot be one. The message names the task, the place, and what would be right."""


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """A task's training loss.

    Args:
        task: name.
        steps: (N,) steps of training so far at each point, increasing and not below 0; N is at least 3.
        losses: (N,) the loss there, or the mean of the losses since the point before.
        budget: the steps of the whole training. A curve may be the beginning of one: it then ends before its budget,
            and what lies beyond is unknown.

    Raises:
        CurveError: fewer points, steps that do not increase or lie beyond the budget, a loss that is no number.
    """

    task: str
    steps: NDArray[np.int64]
    losses: NDArray[np.float64]
    budget: int

    def __post_init__(self) -> None:
        steps, losses = _checked(self.task, "loss", self.steps, self.losses, self.budget, _FEWEST_LOSSES)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "losses", losses)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(N,) where in its budget each point lies, 0 to 1."""
        return self.steps / self.budget


@dataclass(frozen=True, eq=False)
class ScoreCurve:
    """A task's score on the development data.

    Args:
        task: name.
        steps: (N,) steps of training so far at each point, increasing and not below 0; N is at least 2.
        scores: (N,) the score there, larger being better.
        budget: the steps of the whole training, as for :class:`LearningCurve`.

    Raises:
        CurveError: as for :class:`LearningCurve`.
    """

    task: str
    steps: NDArray[np.int64]
    scores: NDArray[np.float64]
    budget: int

    def __post_init__(self) -> None:
        steps, scores = _checked(self.task, "score", self.steps, self.scores, self.budget, _FEWEST_SCORES)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "scores", scores)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(N,) where in its budget each point lies, 0 to 1."""
        return self.steps / self.budget


def _checked(
    task: str, kind: str, steps: ArrayLike, values: ArrayLike, budget: int, fewest: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Steps and values as arrays that nobody can change."""
    steps_N, values_N = np.array(steps, dtype=np.float64), np.array(values, dtype=np.float64)
    place = f"{kind} curve of task {task!r}"
    if steps_N.ndim != 1 or steps_N.shape != values_N.shape:
        raise CurveError(f"{place}: {steps_N.shape} steps, {values_N.shape} values; there should be one value a step")
    if len(steps_N) < fewest:
        raise CurveError(f"{place}: {len(steps_N)} points are too few; it takes at least {fewest}")
    _check_steps(place, steps_N, budget)
    bad = np.flatnonzero(~np.isfinite(values_N))
    if len(bad):
        step = int(steps_N[bad[0]])
        raise CurveError(f"{place}: the {kind} at step {step} is {values_N[bad[0]]}; it should be a finite number")
    whole_N = steps_N.astype(np.int64)
    whole_N.flags.writeable = values_N.flags.writeable = False
    return whole_N, values_N


def _check_steps(place: str, steps_N: NDArray[np.float64], budget: int) -> None:
    whole = np.isfinite(steps_N) & (steps_N >= 0) & (steps_N == np.floor(steps_N))
    if not whole.all():
        raise CurveError(f"{place}: step {steps_N[~whole][0]} should be a whole number of at least 0")
    back = np.flatnonzero(np.diff(steps_N) <= 0)
    if len(back):
        before, after = steps_N[back[0] : back[0] + 2].astype(int)
        raise CurveError(f"{place}: step {after} follows step {before}; steps should increase")
    if steps_N[-1] > budget:
        raise CurveError(f"{place}: step {int(steps_N[-1])} lies beyond the budget, {budget} steps")
