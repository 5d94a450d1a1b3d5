"""Rank correlation of few observations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_RESAMPLES = 9999
_SEED = 0  # of the resampling: the same values always have the same p
_FEWEST = 4  # three can be ordered in six ways: nothing could be said of them


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """Spearman's correlation.

    Args:
        rho: −1 to 1.
        p_value: of the hypothesis that any order of one side is as likely as any other, two-sided.
        observations: how many pairs of values it speaks of.
    """

    rho: float
    p_value: float
    observations: int


def rank_correlation(first_N: ArrayLike, second_N: ArrayLike) -> RankCorrelation | None:
    """Spearman's ρ of the pairs of which neither value is NaN; None for fewer than four, or where one side is constant.

    p is that of a permutation test: all orders of up to 7 pairs, 9999 of more. (``scipy.stats.spearmanr`` takes ρ for
    t-distributed, so that ρ = 1 has p = 0 however few the pairs.) Equal values share their mean rank.
    """
    from scipy.stats import PermutationMethod, pearsonr, rankdata

    first, second = np.asarray(first_N, dtype=np.float64), np.asarray(second_N, dtype=np.float64)
    known = ~(np.isnan(first) | np.isnan(second))
    first, second = first[known], second[known]
    if len(first) < _FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    method = PermutationMethod(n_resamples=_RESAMPLES, random_state=np.random.default_rng(_SEED))
    found = pearsonr(rankdata(first), rankdata(second), method=method)
    return RankCorrelation(float(found.statistic), float(found.pvalue), len(first))
