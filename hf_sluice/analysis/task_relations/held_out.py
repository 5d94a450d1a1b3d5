"""Predictions for pairs that a predictor was not fitted on: folds at random, and tasks left out, one or two at a time.

Shape letters: P pairs, F features of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.logistic import fit_log_odds, fit_size, probability
from hf_sluice.analysis.task_relations.scaling import Scaling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
    from hf_sluice.analysis.task_relations.logistic import FitSettings

    # Of scaled features (P, F) and gains (P,) which features to take, (F,).
    Choice: TypeAlias = Callable[[NDArray[np.float64], NDArray[np.bool_]], NDArray[np.bool_]]


_EVEN = 0.5


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Predictions for the pairs of one test, which are decided ones, and what the pairs it was fitted on say alone.

    Args:
        group: what the test belongs to: the number of a run, or what is left out.
        rows: (P,) which pairs they are.
        probability: (P,) of a gain.
        is_gain: (P,) whether it was one.
        size: (P,) predicted change in per cent.
        gain: (P,) what it was.
        share: of gains among the pairs fitted on.
        mean: of their changes in per cent.
    """

    group: int | str
    rows: NDArray[np.int64]
    probability: NDArray[np.float64]
    is_gain: NDArray[np.bool_]
    size: NDArray[np.float64]
    gain: NDArray[np.float64]
    share: float
    mean: float

    @property
    def says_gain(self) -> NDArray[np.bool_]:
        """(P,) whether a gain is predicted."""
        return self.probability > _EVEN

    @property
    def majority_says_gain(self) -> NDArray[np.bool_]:
        """(P,) what most of the pairs fitted on were."""
        return np.full(len(self.rows), self.share > _EVEN)

    @property
    def accuracy(self) -> float:
        """Share of right predictions; NaN where there is none."""
        return float((self.says_gain == self.is_gain).mean()) if len(self.rows) else float("nan")

    @property
    def f1(self) -> float:
        """Of the gains; NaN where there is no prediction."""
        return f1_of_gains(self.says_gain, self.is_gain) if len(self.rows) else float("nan")


def f1_of_gains(says_gain_P: NDArray[np.bool_], is_gain_P: NDArray[np.bool_]) -> float:
    """F1; 0 where there is no gain and none is predicted."""
    either = int(says_gain_P.sum() + is_gain_P.sum())
    return 2 * int((says_gain_P & is_gain_P).sum()) / either if either else 0.0


def random_folds(
    pairs: KnownPairs, settings: FitSettings, runs: int, folds: int, choose: Choice | None = None
) -> Iterator[HeldOut]:
    """Shuffles the pairs, a number of times, and leaves out each fold in turn. The numbers of runs are the seeds."""
    from sklearn.model_selection import KFold

    for run in range(runs):
        for _, rows in KFold(folds, shuffle=True, random_state=run).split(pairs.matrix):
            held_out = np.zeros(len(pairs.gains), dtype=bool)
            held_out[rows] = True
            yield _predicted(pairs, held_out, ~held_out, run, settings, choose)


def tasks_left_out(pairs: KnownPairs, settings: FitSettings, choose: Choice | None = None) -> Iterator[HeldOut]:
    """Leaves out each task: predicts the pairs with it in either place from those without it."""
    for task in pairs.tasks:
        held_out = pairs.involves(task)
        if not held_out.all():
            yield _predicted(pairs, held_out, ~held_out, task, settings, choose)


def two_tasks_left_out(pairs: KnownPairs, settings: FitSettings, choose: Choice | None = None) -> Iterator[HeldOut]:
    """Leaves out every two tasks: predicts their pairs from those without either."""
    for one, other in combinations(pairs.tasks, 2):
        either, both = pairs.involves(one) | pairs.involves(other), pairs.involves(one) & pairs.involves(other)
        if both.any() and not either.all():
            yield _predicted(pairs, both, ~either, f"{one}, {other}", settings, choose)


def _predicted(
    pairs: KnownPairs,
    test: NDArray[np.bool_],
    train: NDArray[np.bool_],
    group: int | str,
    settings: FitSettings,
    choose: Choice | None,
) -> HeldOut:
    """Decided pairs are predicted; those that are not serve the regression of size alone."""
    decided, is_gain = pairs.is_decided, pairs.is_gain
    fitted_on, tried_on = train & decided, test & decided
    scaling = Scaling.of(pairs.matrix if settings.scale_beforehand else pairs.matrix[train])
    scaled_PF = scaling.apply(pairs.matrix)
    if choose is not None:
        scaled_PF = scaled_PF[:, choose(scaled_PF[fitted_on], is_gain[fitted_on])]
    log_odds = fit_log_odds(scaled_PF[fitted_on], is_gain[fitted_on], settings)
    size = fit_size(scaled_PF[train], pairs.gains[train], settings)
    return HeldOut(
        group=group,
        rows=np.flatnonzero(tried_on),
        probability=probability(log_odds.at(scaled_PF[tried_on])),
        is_gain=is_gain[tried_on],
        size=size.at(scaled_PF[tried_on]),
        gain=pairs.gains[tried_on],
        share=float(is_gain[fitted_on].mean()) if fitted_on.any() else _EVEN,
        mean=float(pairs.gains[train].mean()),
    )
