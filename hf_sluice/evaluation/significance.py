"""Whether a difference between two systems is more than noise, from pairs of scores taken under the same conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_RESAMPLES = 9999
_SEED = 0  # of the resampling: the same scores always have the same p
_CLOSE_TO_ZERO = 0.001


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The mean of paired differences, first minus second.

    Args:
        mean: in the scores' unit.
        low: lower end of the mean's confidence interval; NaN for a single pair.
        high: its upper end.
        p_value: of the hypothesis that either system could have had either score of each pair, two-sided.
        pairs: how many.
    """

    mean: float
    low: float
    high: float
    p_value: float
    pairs: int


def paired_difference(first_N: ArrayLike, second_N: ArrayLike, confidence: float = 0.95) -> PairedDifference:
    """Compares two systems by N pairs of scores.

    The interval is a percentile bootstrap over pairs, the p-value that of approximate randomisation (Noreen 1989; Yeh
    2000): the share of ways to swap the scores within pairs that give as large a mean difference. For few pairs all 2^N
    ways are tried, so p is at least 2/2^N. Both take the pairs for independent of each other.

    Args:
        first_N: the first system's scores, at least one.
        second_N: the second system's, in the same order.
        confidence: of the interval, between 0 and 1.

    Raises:
        ValueError: no pairs, or different numbers of scores.
    """
    first, second = np.asarray(first_N, dtype=np.float64), np.asarray(second_N, dtype=np.float64)
    if first.shape != second.shape or not first.size:
        raise ValueError(f"pairs of scores are needed, not {first.size} and {second.size}")
    mean = float((first - second).mean())
    if first.size == 1:  # swapped or not, the difference is as large
        return PairedDifference(mean, float("nan"), float("nan"), 1.0, 1)
    low, high = _interval(first - second, confidence)
    return PairedDifference(mean, low, high, _p_value(first, second), first.size)


def _interval(differences: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    from scipy.stats import bootstrap

    interval = bootstrap(
        (differences,),
        np.mean,
        confidence_level=confidence,
        method="percentile",  # BCa is not defined where all differences are equal
        n_resamples=_RESAMPLES,
        random_state=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _p_value(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    from scipy.stats import permutation_test

    test = permutation_test(
        (first, second),
        _mean_difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        random_state=np.random.default_rng(_SEED),
    )
    return float(test.pvalue)


def correct_p_values(p_values: Sequence[float]) -> list[float]:
    """p-values of several tests, corrected by Benjamini & Hochberg (1995).

    Calling those below q significant keeps the expected share of false ones among them below q.
    """
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(p_values)] if len(p_values) else []


def format_p_value(p_value: float) -> str:
    """Three decimals, or that it is below the smallest of these."""
    return f"< {_CLOSE_TO_ZERO}" if p_value < _CLOSE_TO_ZERO else f"{p_value:.3f}"


def _mean_difference(first: NDArray[np.float64], second: NDArray[np.float64], axis: int = -1) -> NDArray[np.float64]:
    return np.mean(first - second, axis=axis)
