"""The logarithmic function fitted to a loss curve: L(i) = a·ln(c·i + d) + b (Bingel & Søgaard 2017, section 4).

Shape letter: N points of a curve.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST = 10  # for four parameters
_MOST = 500  # of the 5,000 points of a published curve the notebook takes every tenth
_LEAST_EXPLAINED = 0.05  # of the variance of the losses; a fit to less says nothing but that the curve is flat


class FitError(ValueError):
    """There is no fit. The message says why, without naming the curve."""


@dataclass(frozen=True, slots=True)
class LogarithmicFit:
    """The least-squares fit of L(i) = a·ln(c·i + d) + b.

    The curve says what a, ``rate`` and ``level`` are. Of c, d and b alone it says nothing, for
    a·ln(k·c·i + k·d) + (b − a·ln k) is the same function for every k: they are where the optimiser stopped.

    Args:
        a: steepness in the logarithm of the steps, in units of the loss; negative where the loss falls.
        b: offset.
        c: factor of the steps.
        d: offset within the logarithm.
    """

    a: float
    b: float
    c: float
    d: float

    @property
    def rate(self) -> float:
        """c/d, per step."""
        return self.c / self.d

    @property
    def level(self) -> float:
        """B + a·ln|d|: with ``rate`` and a, the whole function: a·ln|rate·i + 1| + level."""
        return float(self.b + self.a * np.log(abs(self.d)))

    def at(self, steps_N: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) the fitted losses."""
        return _loss(steps_N, self.a, self.b, self.c, self.d)


def fit_logarithm(steps_N: NDArray[np.int64], losses_N: NDArray[np.float64]) -> LogarithmicFit:
    """Fits the function with ``scipy.optimize.curve_fit``, from a = b = c = d = 1 as the authors do.

    Args:
        steps_N: steps, increasing.
        losses_N: the losses there. Of more than 500, every second, third, … is taken.

    Raises:
        FitError: the curve has too few points or is flat, or the fit does not converge.
    """
    from scipy.optimize import OptimizeWarning, curve_fit

    if len(steps_N) < _FEWEST:
        raise FitError(f"{len(steps_N)} points are too few for the logarithmic fit; it takes at least {_FEWEST}")
    every = -(-len(steps_N) // _MOST)
    x_N, y_N = steps_N[::every].astype(np.float64), losses_N[::every]
    if np.ptp(y_N) == 0:
        raise FitError(f"the curve is flat (every loss is {y_N[0]:g}): there is nothing to fit")
    try:
        with warnings.catch_warnings(), np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            warnings.simplefilter("ignore", OptimizeWarning)  # there is no covariance: c, d and b are not determined
            (a, b, c, d), _ = curve_fit(_loss, x_N, y_N, p0=np.ones(4))
            explained = 1 - np.square(y_N - _loss(x_N, a, b, c, d)).sum() / np.square(y_N - y_N.mean()).sum()
    except RuntimeError:
        raise FitError("the logarithmic fit does not converge") from None
    if not np.isfinite([a, b, c, d, explained]).all():
        raise FitError("the logarithmic fit does not converge")
    if explained < _LEAST_EXPLAINED:
        raise FitError(f"the curve is flat (a logarithm explains {100 * explained:.1f} % of its variance)")
    return LogarithmicFit(float(a), float(b), float(c), float(d))


def _loss(steps_N: NDArray[np.float64], a: float, b: float, c: float, d: float) -> NDArray[np.float64]:
    return a * np.log(c * steps_N + d) + b
