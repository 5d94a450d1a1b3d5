"""Local linear regression: level and gradient of a noisy curve at one place, with standard errors.

Shape letters: N points of a curve, W those within the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST = 5  # points for a line and an idea of its error
_BEYOND = 1.25  # how much wider than the distance of its fifth point a widened window is: at its end, weights are 0


@dataclass(frozen=True, slots=True)
class LocalLine:
    """The line fitted around a place.

    Args:
        level: its height there.
        gradient: its slope.
        level_error: standard error of the height.
        gradient_error: standard error of the slope.
    """

    level: float
    gradient: float
    level_error: float
    gradient_error: float


def local_line(
    x_N: NDArray[np.float64], y_N: NDArray[np.float64], at: float, half_width: float, widest: float
) -> LocalLine | None:
    """Fits a line to the points around a place, the nearer ones with more weight (Cleveland 1979: tricube weights).

    Errors take the points' noise for independent and equal within the window; curvature within it counts as noise.

    Args:
        x_N: places, increasing.
        y_N: values.
        at: the place.
        half_width: of the window; where fewer than 5 points lie in it, it is widened until five count.
        widest: how far away the fifth point may lie.

    Returns:
        None where fewer than 5 points lie so near.
    """
    distances_N = np.abs(x_N - at)
    near = np.sort(distances_N)[:_FEWEST]
    if len(near) < _FEWEST or near[-1] > widest:
        return None
    width = max(half_width, _BEYOND * near[-1])
    inside = distances_N < width
    offset_W = x_N[inside] - at
    weight_W = (1 - (np.abs(offset_W) / width) ** 3) ** 3
    # Weighted least squares: (XᵀWX)⁻¹ XᵀWy, and its covariance (XᵀWX)⁻¹ XᵀW²X (XᵀWX)⁻¹ σ².
    X_W2 = np.stack([np.ones_like(offset_W), offset_W], axis=1)
    inverse = np.linalg.pinv(X_W2.T @ (weight_W[:, None] * X_W2))
    line = inverse @ (X_W2.T @ (weight_W * y_N[inside]))
    spread = X_W2.T @ (weight_W[:, None] ** 2 * X_W2)
    residual_W = y_N[inside] - X_W2 @ line
    freedom = weight_W.sum() - np.trace(inverse @ spread)
    variance = float((weight_W * residual_W**2).sum()) / freedom
    errors = np.sqrt(np.diag(inverse @ spread @ inverse) * variance)
    return LocalLine(float(line[0]), float(line[1]), float(errors[0]), float(errors[1]))
