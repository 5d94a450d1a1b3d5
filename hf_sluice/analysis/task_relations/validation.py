"""What a predictor's advice is worth, for new pairs of known tasks and for tasks that are new.

The paper draws pairs at random (100 times five folds), so that every task of a pair it is tried on also stands in pairs
that it was fitted on: it need only tell tasks apart. Leaving out a task with all its pairs, main or auxiliary, is the
figure for a new task beside known ones; leaving out both tasks of a pair that for two new ones. All are always given
together, and each beside what can be had without features: what most pairs are, and what the tasks' names alone tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.calibration import brier_score, reliability
from hf_sluice.analysis.task_relations.held_out import f1_of_gains, random_folds, tasks_left_out, two_tasks_left_out
from hf_sluice.analysis.task_relations.logistic import FitSettings
from hf_sluice.analysis.task_relations.pair_features import MAIN
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.held_out import Choice, HeldOut
    from hf_sluice.analysis.task_relations.known_pairs import KnownPairs

RUNS, FOLDS = 100, 5  # Bingel & Søgaard 2017, section 4.1
_FEWEST = 10  # decided pairs, two for each fold
_FEWEST_TO_RANK = 3
_NAMES_RUNS = 30


@dataclass(frozen=True, slots=True)
class Baseline:
    """What can be had without features.

    Args:
        accuracy: share of pairs of which it is right whether there is a gain.
        f1: of the gains.
        brier: mean squared difference of probability and outcome.
        size_error: mean absolute error of the predicted change, in points of per cent.
    """

    accuracy: float
    f1: float
    brier: float
    size_error: float


@dataclass(frozen=True, eq=False)
class Scores:
    """How good predictions for pairs held out are.

    Args:
        accuracy: share of pairs of which it is right whether there is a gain.
        f1: of the gains.
        accuracy_spread: sample standard deviation, over runs or over tasks left out.
        f1_spread: likewise, over runs; None where a task is left out, of which some have no gain.
        brier: mean squared difference of probability and outcome.
        size_error: mean absolute error of the predicted change, in points of per cent.
        majority: accuracy of saying what most of the pairs fitted on are, F1 of always saying that there is a gain (as
            in the paper's Table 3), Brier score of the share of gains among the pairs fitted on, error of their mean.
        names: the same regressions on nothing but which task is the main and which the auxiliary one; None where it
            was not asked for, and where both tasks are new, whose names tell nothing.
        reliability: predictions by range of probability, as :func:`~.calibration.reliability` has them.
    """

    accuracy: float
    f1: float
    accuracy_spread: float
    f1_spread: float | None
    brier: float
    size_error: float
    majority: Baseline
    reliability: pd.DataFrame
    names: Baseline | None = None


@dataclass(frozen=True, eq=False)
class Validation:
    """All validations.

    Args:
        random_pairs: pairs held out at random. Accuracy and F1 are the means of those of single folds, as the paper's.
        new_task: a task left out, each in turn, with all its pairs. Accuracy and F1 are over all predictions together.
        new_tasks: both tasks of a pair left out with all their pairs; None for fewer than 4 tasks.
        by_task: per task left out (the index) ``pairs``, ``gains``, ``accuracy``, ``accuracy_as_main``, and
            ``ranking``, the rank correlation of probability and gain over its auxiliary tasks (NaN for fewer than 3).
        runs: how many times pairs were shuffled.
        folds: in how many parts.
        pairs: how many there are a verdict on.
        undecided: how many there are not; predictions for them are neither right nor wrong.
    """

    random_pairs: Scores
    new_task: Scores
    new_tasks: Scores | None
    by_task: pd.DataFrame
    runs: int
    folds: int
    pairs: int
    undecided: int

    @property
    def held_out(self) -> dict[str, Scores]:
        """The scores by what is held out, in words."""
        found = {"random pairs": self.random_pairs, "a new task": self.new_task, "two new tasks": self.new_tasks}
        return {name: scores for name, scores in found.items() if scores is not None}


def validate(
    pairs: KnownPairs,
    settings: FitSettings | None = None,
    runs: int = RUNS,
    folds: int = FOLDS,
    choose: Choice | None = None,
    *,
    in_full: bool = True,
) -> Validation:
    """Tries predictors on pairs that they were not fitted on.

    Args:
        pairs: the pairs.
        settings: how to fit.
        runs: how many times to shuffle the pairs.
        folds: in how many parts to leave them out.
        choose: which features to take, said anew for each part by the pairs that are not left out; None for all.
        in_full: whether also to leave out two tasks at a time and to try what the tasks' names alone come to.

    Raises:
        UserError: fewer than 10 pairs with a verdict, or fewer than 3 tasks.
    """
    settings = settings or FitSettings()
    decided = int(pairs.is_decided.sum())
    if decided < _FEWEST or not any(not pairs.involves(task).all() for task in pairs.tasks):
        raise UserError(
            f"{decided} pairs of {len(pairs.tasks)} tasks with a gain or a loss are too few to validate a predictor; "
            f"it takes at least {_FEWEST} pairs of 3 tasks"
        )
    shuffled = list(random_folds(pairs, settings, runs, folds, choose))
    left_out = list(tasks_left_out(pairs, settings, choose))
    both_left_out = list(two_tasks_left_out(pairs, settings, choose)) if in_full else []
    random_pairs, new_task = _mean_of_folds(shuffled), _pooled(left_out)
    new_tasks = _pooled(both_left_out) if any(len(test.rows) for test in both_left_out) else None
    if in_full:
        named = pairs.names_alone()
        random_pairs = replace(
            random_pairs,
            names=_as_baseline(_mean_of_folds(list(random_folds(named, settings, min(runs, _NAMES_RUNS), folds)))),
        )
        new_task = replace(new_task, names=_as_baseline(_pooled(list(tasks_left_out(named, settings)))))
    return Validation(
        random_pairs=random_pairs,
        new_task=new_task,
        new_tasks=new_tasks,
        by_task=_by_task(pairs, left_out),
        runs=runs,
        folds=folds,
        pairs=decided,
        undecided=len(pairs.gains) - decided,
    )


def _as_baseline(scores: Scores) -> Baseline:
    return Baseline(scores.accuracy, scores.f1, scores.brier, scores.size_error)


def _mean_of_folds(tests: Sequence[HeldOut]) -> Scores:
    runs = [list(of_run) for _, of_run in groupby(tests, key=lambda test: test.group)]
    accuracies = np.array([np.nanmean([test.accuracy for test in of_run]) for of_run in runs])
    f1s = np.array([np.nanmean([test.f1 for test in of_run]) for of_run in runs])
    return _scores(tests, float(accuracies.mean()), float(f1s.mean()), _spread(accuracies), _spread(f1s))


def _pooled(tests: Sequence[HeldOut]) -> Scores:
    says_gain, is_gain = _joined(tests, "says_gain"), _joined(tests, "is_gain")
    accuracies = np.array([test.accuracy for test in tests if len(test.rows)])
    accuracy, f1 = float((says_gain == is_gain).mean()), f1_of_gains(says_gain, is_gain)
    return _scores(tests, accuracy, f1, _spread(accuracies), None)


def _scores(
    tests: Sequence[HeldOut], accuracy: float, f1: float, accuracy_spread: float, f1_spread: float | None
) -> Scores:
    probabilities, is_gain = _joined(tests, "probability"), _joined(tests, "is_gain")
    shares = np.concatenate([np.full(len(test.rows), test.share) for test in tests])
    means = np.concatenate([np.full(len(test.rows), test.mean) for test in tests])
    gains = _joined(tests, "gain")
    majority = Baseline(
        accuracy=float((_joined(tests, "majority_says_gain") == is_gain).mean()),
        f1=f1_of_gains(np.ones(len(is_gain), dtype=bool), is_gain),
        brier=brier_score(shares, is_gain),
        size_error=float(np.abs(means - gains).mean()),
    )
    return Scores(
        accuracy=accuracy,
        f1=f1,
        accuracy_spread=accuracy_spread,
        f1_spread=f1_spread,
        brier=brier_score(probabilities, is_gain),
        size_error=float(np.abs(_joined(tests, "size") - gains).mean()),
        majority=majority,
        reliability=reliability(probabilities, is_gain),
    )


def _by_task(pairs: KnownPairs, tests: Sequence[HeldOut]) -> pd.DataFrame:
    import pandas as pd

    main = pairs.values.index.get_level_values(MAIN).to_numpy()
    rows = {}
    for test in tests:
        as_main = main[test.rows] == test.group
        right = test.says_gain == test.is_gain
        rows[test.group] = {
            "pairs": len(test.rows),
            "gains": int(test.is_gain.sum()),
            "accuracy": _mean(right),
            "accuracy_as_main": _mean(right[as_main]),
            "ranking": _ranking(test.probability[as_main], test.gain[as_main]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("task")


def _ranking(predicted_P: NDArray[np.float64], gain_P: NDArray[np.float64]) -> float:
    from scipy.stats import rankdata

    if len(gain_P) < _FEWEST_TO_RANK or np.ptp(predicted_P) == 0 or np.ptp(gain_P) == 0:
        return float("nan")
    return float(np.corrcoef(rankdata(predicted_P), rankdata(gain_P))[0, 1])


def _joined(tests: Sequence[HeldOut], name: str) -> NDArray:
    return np.concatenate([getattr(test, name) for test in tests])


def _mean(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _spread(values: NDArray[np.float64]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
