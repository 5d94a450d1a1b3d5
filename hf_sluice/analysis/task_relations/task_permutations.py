"""Rank correlations over pairs of tasks whose p knows that pairs of one task are not independent of each other.

Ten tasks make ninety pairs, but what is known of them are ten tasks. A test that shuffles pairs takes ninety for
independent and calls far too much significant. Here the features of *tasks* change places, and pairs with them (as
rows and columns of one matrix do in the test of Mantel 1967).
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.correlation import RankCorrelation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

_RESAMPLES = 9999
_SEED = 0  # of the resampling: the same values always have the same p
_FEWEST = 4  # tasks: three can be ordered in six ways, and nothing could be said of them
_ROUNDING = 1e-9


def pair_correlations(
    values_T: NDArray[np.float64],
    pairs_P2: NDArray[np.int64],
    combine: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]],
    outcomes_OP: NDArray[np.float64],
) -> list[RankCorrelation | None]:
    """Spearman's ρ of a feature of pairs with each of several outcomes.

    p is the share of orders of the tasks' values that correlate as much, two-sided: of all orders of up to 7 tasks, of
    9999 drawn at random of more.

    Args:
        values_T: a feature of T tasks.
        pairs_P2: numbers of the two tasks of each pair.
        combine: makes the pairs' feature of those of their first and their second tasks, whatever the shape.
        outcomes_OP: O outcomes of the pairs.

    Returns:
        One per outcome; None where fewer than four tasks take part, a side is constant, or the feature of a pair would
        not be finite in some order.
    """
    tasks = np.unique(pairs_P2)
    if len(tasks) < _FEWEST:
        return [None] * len(outcomes_OP)
    places_P2 = np.searchsorted(tasks, pairs_P2)
    values_RT = values_T[tasks][_orders(len(tasks))]
    features_RP = combine(values_RT[:, places_P2[:, 0]], values_RT[:, places_P2[:, 1]])
    if not np.isfinite(features_RP).all() or np.ptp(features_RP[0]) == 0:
        return [None] * len(outcomes_OP)
    ranks_RP = _standard_ranks(features_RP)
    return [None if np.ptp(of_P) == 0 else _correlation(ranks_RP, of_P) for of_P in outcomes_OP]


def _correlation(ranks_RP: NDArray[np.float64], outcome_P: NDArray[np.float64]) -> RankCorrelation:
    rho_R = ranks_RP @ _standard_ranks(outcome_P[None])[0]
    share = float(np.mean(np.abs(rho_R) >= abs(rho_R[0]) - _ROUNDING))  # the first is the order that there is
    return RankCorrelation(float(np.clip(rho_R[0], -1, 1)), share, len(outcome_P))


def _standard_ranks(values_RP: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks of each row, of mean 0 and length 1; zeros where all values are equal."""
    from scipy.stats import rankdata

    ranks_RP = rankdata(values_RP, axis=1)
    ranks_RP -= ranks_RP.mean(axis=1, keepdims=True)
    lengths_R1 = np.linalg.norm(ranks_RP, axis=1, keepdims=True)
    return np.divide(ranks_RP, lengths_R1, out=np.zeros_like(ranks_RP), where=lengths_R1 > 0)


def _orders(tasks: int) -> NDArray[np.int64]:
    """Orders of some tasks, (R, T), of which the first leaves them where they are."""
    if math.factorial(tasks) <= _RESAMPLES:
        return np.array(list(itertools.permutations(range(tasks))))
    random = np.random.default_rng(_SEED)
    drawn: Sequence[NDArray[np.int64]] = [random.permutation(tasks) for _ in range(_RESAMPLES)]
    return np.stack([np.arange(tasks), *drawn])
