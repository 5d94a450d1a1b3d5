"""Which features speak for a gain, and how far that depends on the pairs at hand (Bingel & Søgaard 2017, Table 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.logistic import FitSettings, fit_log_odds
from hf_sluice.analysis.task_relations.scaling import Scaling

if TYPE_CHECKING:
    import pandas as pd

    from hf_sluice.analysis.task_relations.known_pairs import KnownPairs

RUNS = 100
FITTED_ON = 0.8


def coefficient_spread(pairs: KnownPairs, settings: FitSettings | None = None, runs: int = RUNS) -> pd.DataFrame:
    """Coefficients of predictors fitted to four fifths of the pairs, drawn at random again and again.

    Features are scaled over all pairs, so that coefficients of different draws compare.

    Args:
        pairs: those without a verdict do not count.
        settings: how to fit.
        runs: how many draws; their numbers are the seeds.

    Returns:
        A row per feature of pairs, the largest first: ``coefficient``, the mean; ``spread``, the sample standard
        deviation; ``same_sign``, the share of draws whose coefficient has the sign of the mean.
    """
    import pandas as pd

    settings = settings or FitSettings()
    decided = pairs.take(pairs.is_decided)
    scaled_PF = Scaling.of(decided.matrix).apply(decided.matrix)
    drawn = [
        fit_log_odds(scaled_PF[rows], decided.is_gain[rows], settings).coefficients
        for rows in (
            np.random.default_rng(run).permutation(len(scaled_PF))[: round(FITTED_ON * len(scaled_PF))]
            for run in range(runs)
        )
    ]
    mean_F = np.mean(drawn, axis=0)
    table = pd.DataFrame(
        {
            "coefficient": mean_F,
            "spread": np.std(drawn, axis=0, ddof=1),
            "same_sign": np.mean(np.sign(drawn) == np.sign(mean_F), axis=0),
        },
        index=pd.Index(decided.columns, name="feature"),
    )
    return table.sort_values("coefficient", key=abs, ascending=False, kind="stable")
