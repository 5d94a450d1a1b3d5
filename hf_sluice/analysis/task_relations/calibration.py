"""Whether predicted probabilities are as often right as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

BINS = 5


def brier_score(probability_P: NDArray[np.float64], is_gain_P: NDArray[np.bool_]) -> float:
    """Mean squared difference of probability and outcome: 0 is best; always saying 0.5 has 0.25 (Brier 1950)."""
    return float(np.mean((probability_P - is_gain_P) ** 2))


def reliability(probability_P: NDArray[np.float64], is_gain_P: NDArray[np.bool_]) -> pd.DataFrame:
    """Predictions in five ranges of probability, and how many of them were gains.

    Args:
        probability_P: (P,) predicted, 0 to 1.
        is_gain_P: (P,) what came of it.

    Returns:
        A row per range that has predictions: ``above`` and ``up_to`` (its ends), ``predictions`` (how many),
        ``predicted`` (their mean probability) and ``gains`` (the share of gains): the last two are alike where the
        predictor is calibrated.
    """
    import pandas as pd

    edges = np.linspace(0, 1, BINS + 1)
    bins_P = np.clip(np.ceil(probability_P * BINS).astype(int) - 1, 0, BINS - 1)
    rows = [
        (edges[number], edges[number + 1], int(inside.sum()), probability_P[inside].mean(), is_gain_P[inside].mean())
        for number in range(BINS)
        if (inside := bins_P == number).any()
    ]
    return pd.DataFrame(rows, columns=["above", "up_to", "predictions", "predicted", "gains"])
