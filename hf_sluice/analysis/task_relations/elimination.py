"""Fewer features: the weakest are left out one after the other (recursive feature elimination).

Shape letters: P pairs, F features of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.logistic import FitSettings, logistic_regression
from hf_sluice.analysis.task_relations.scaling import Scaling
from hf_sluice.analysis.task_relations.validation import RUNS, validate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.held_out import Choice
    from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
    from hf_sluice.analysis.task_relations.validation import Validation

DRAWS = 100
_FITTED_ON = 0.8
FIRST_LOOK = 20
_FINALISTS = 3
_INNER_FOLDS = 5
_INNER_STEP = 3  # features left out at a time


@dataclass(frozen=True, eq=False)
class Elimination:
    """What came of leaving out features.

    Args:
        order: features of pairs, the first to be left out first.
        path: per number of features left (the index) ``left_out`` (the one left out last), ``accuracy`` and ``f1`` of
            random folds, and ``f1_new_task``, of tasks left out.
        best: the features that are left where F1 of random folds is highest. They are chosen by the pairs that they are
            scored on: their scores are too good, as in the paper.
        validation: of these.
    """

    order: list[str]
    path: pd.DataFrame
    best: list[str]
    validation: Validation


def eliminate(
    pairs: KnownPairs,
    settings: FitSettings | None = None,
    order: Sequence[str] | None = None,
    draws: int = DRAWS,
    first_look: int = FIRST_LOOK,
    runs: int = RUNS,
) -> Elimination:
    """Leaves out features as the authors' notebook does.

    Recursive elimination ranks the features on four fifths of the pairs, drawn at random, a hundred times; they are
    left out by their mean rank, and what remains is validated on all pairs each time.

    Args:
        pairs: those without a verdict do not count.
        settings: how to fit.
        order: in which to leave out features; None for that of their ranks.
        draws: how often to rank.
        first_look: how many times pairs are shuffled for each number of features; the best three are then validated in
            full.
        runs: how many times for these.
    """
    import pandas as pd

    settings = settings or FitSettings()
    decided = pairs.take(pairs.is_decided)
    order = list(order) if order is not None else _ranked(decided, settings, draws)
    rows = {}
    for number in range(len(order)):
        found = validate(decided.with_columns(order[number:]), settings, runs=first_look, in_full=False)
        rows[len(order) - number] = {
            "left_out": order[number - 1] if number else "",
            "accuracy": found.random_pairs.accuracy,
            "f1": found.random_pairs.f1,
            "f1_new_task": found.new_task.f1,
        }
    path = pd.DataFrame.from_dict(rows, orient="index").rename_axis("features")
    finalists = path["f1"].nlargest(_FINALISTS).index
    validated = {
        left: validate(decided.with_columns(order[len(order) - left :]), settings, runs, in_full=False)
        for left in finalists
    }
    best = max(validated, key=lambda left: validated[left].random_pairs.f1)
    return Elimination(order, path, order[len(order) - best :], validated[best])


def _ranked(pairs: KnownPairs, settings: FitSettings, draws: int) -> list[str]:
    """Features by their mean rank over draws, the worst first."""
    scaled_PF = Scaling.of(pairs.matrix).apply(pairs.matrix)
    size = round(_FITTED_ON * len(scaled_PF))
    ranks = []
    for draw in range(draws):
        rows = np.random.default_rng(draw).permutation(len(scaled_PF))[:size]
        ranks.append(ranking(scaled_PF[rows], pairs.is_gain[rows], settings))
    means = np.mean(ranks, axis=0)
    return [pairs.columns[place] for place in np.argsort(-means, kind="stable")]


def ranking(scaled_PF: NDArray[np.float64], is_gain_P: NDArray[np.bool_], settings: FitSettings) -> NDArray[np.int64]:
    """(F,) ranks, 1 for the feature that is left out last: at each turn the one whose coefficient is smallest goes."""
    from sklearn.feature_selection import RFE

    return RFE(logistic_regression(settings), n_features_to_select=1).fit(scaled_PF, is_gain_P).ranking_


def choice_by_elimination(settings: FitSettings) -> Choice:
    """Chooses features by elimination among the pairs that a predictor is fitted on, their number by inner folds.

    Given to :func:`~.validation.validate`, this says what elimination is worth for pairs that had no part in it.
    """

    def choose(scaled_PF: NDArray[np.float64], is_gain_P: NDArray[np.bool_]) -> NDArray[np.bool_]:
        from sklearn.feature_selection import RFECV
        from sklearn.metrics import f1_score, make_scorer
        from sklearn.model_selection import StratifiedKFold

        folds = min(_INNER_FOLDS, int(is_gain_P.sum()), int((~is_gain_P).sum()))
        if folds < 2:  # noqa: PLR2004 - with one there is nothing to compare
            return np.ones(scaled_PF.shape[1], dtype=bool)
        inner = StratifiedKFold(folds, shuffle=True, random_state=0)
        scorer = make_scorer(f1_score, zero_division=0)
        search = RFECV(logistic_regression(settings), step=_INNER_STEP, cv=inner, scoring=scorer)
        return search.fit(scaled_PF, is_gain_P).support_

    return choose
