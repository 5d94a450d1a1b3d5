"""The two regressions behind a prediction: whether there is a gain (logistic), and how large it is (ridge).

Shape letters: P pairs, F features of pairs, all of them scaled to [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.linear_model import LogisticRegression


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a predictor is fitted.

    Args:
        inverse_penalty: C of scikit-learn's ``LogisticRegression``; the penalty is the sum of the squared coefficients
            over 2·C. Its default of 1 is what the paper used.
        penalise_intercept: whether the intercept counts among the coefficients there. It did under the default of 2017
            (solver ``liblinear``), and does not under that of today (``lbfgs``).
        scale_beforehand: whether a validation scales features over all pairs before it splits them, as in 2017, or
            over those that it fits on.
    """

    inverse_penalty: float = 1.0
    penalise_intercept: bool = False
    scale_beforehand: bool = False


SETTINGS_OF_2017 = FitSettings(penalise_intercept=True, scale_beforehand=True)


@dataclass(frozen=True, eq=False)
class Line:
    """A linear function of features.

    Args:
        coefficients: (F,).
        intercept: its value where all features are 0.
    """

    coefficients: NDArray[np.float64]
    intercept: float

    def at(self, scaled_PF: NDArray[np.float64]) -> NDArray[np.float64]:
        """(P,) its values."""
        return scaled_PF @ self.coefficients + self.intercept


def logistic_regression(settings: FitSettings) -> LogisticRegression:
    """The estimator. Newton's steps end at the optimum that ``lbfgs`` comes near, and sooner for so few features."""
    from sklearn.linear_model import LogisticRegression

    solver = "liblinear" if settings.penalise_intercept else "newton-cholesky"
    return LogisticRegression(solver=solver, C=settings.inverse_penalty)


def fit_log_odds(scaled_PF: NDArray[np.float64], is_gain_P: NDArray[np.bool_], settings: FitSettings) -> Line:
    """The log odds of a gain. Where all pairs are alike, they are constant: (gains + 1) to (losses + 1)."""
    gains, losses = int(is_gain_P.sum()), int((~is_gain_P).sum())
    if not gains or not losses:
        return Line(np.zeros(scaled_PF.shape[1]), float(np.log((gains + 1) / (losses + 1))))
    fitted = logistic_regression(settings).fit(scaled_PF, is_gain_P)
    return Line(fitted.coef_[0], float(fitted.intercept_[0]))


def fit_size(scaled_PF: NDArray[np.float64], gain_P: NDArray[np.float64], settings: FitSettings) -> Line:
    """The gain in per cent, by ridge regression: least squares with the squared coefficients, over C, as penalty."""
    mean_F, mean = scaled_PF.mean(axis=0), gain_P.mean()
    centred_PF = scaled_PF - mean_F
    penalty_FF = np.eye(scaled_PF.shape[1]) / settings.inverse_penalty
    coefficients_F = np.linalg.solve(centred_PF.T @ centred_PF + penalty_FF, centred_PF.T @ (gain_P - mean))
    return Line(coefficients_F, float(mean - mean_F @ coefficients_F))


def probability(log_odds_P: NDArray[np.float64]) -> NDArray[np.float64]:
    """(P,) probabilities, 0 to 1."""
    from scipy.special import expit

    return expit(log_odds_P)
