"""The predictor of gains: logistic regression of gain or loss on features of pairs (Bingel & Søgaard 2017).

Shape letters: P pairs, F features of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.logistic import FitSettings, Line, fit_log_odds, fit_size, probability
from hf_sluice.analysis.task_relations.scaling import Scaling
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from typing import Self

    import pandas as pd
    from numpy.typing import NDArray

    from hf_sluice.analysis.task_relations.known_pairs import KnownPairs


@dataclass(frozen=True, eq=False)
class GainPredictor:
    """Whether an auxiliary task helps, and by how much.

    Args:
        columns: (F,) names of the features of pairs that it reads.
        scaling: of these.
        centre: (F,) the mean of each scaled feature over the pairs it was fitted on.
        log_odds: of a gain.
        size: of the change in per cent, gain or loss. (The paper found such a regression inconclusive.)
    """

    columns: tuple[str, ...]
    scaling: Scaling
    centre: NDArray[np.float64]
    log_odds: Line
    size: Line
    settings: FitSettings = field(default_factory=FitSettings)

    @classmethod
    def fit(cls, pairs: KnownPairs, settings: FitSettings | None = None) -> Self:
        """Fits to pairs; to those with a verdict whether there is a gain, to all how large it is.

        Raises:
            UserError: no feature is known for all pairs, or they do not hold both gains and losses.
        """
        settings = settings or FitSettings()
        if not pairs.columns:
            raise UserError("no feature is known for all pairs of tasks; there is nothing to predict gains from")
        decided, is_gain = pairs.is_decided, pairs.is_gain
        gains, losses = int(is_gain.sum()), int((decided & ~is_gain).sum())
        if not gains or not losses:
            raise UserError(f"{gains} gains and {losses} losses: a predictor is fitted to pairs of both kinds")
        scaling = Scaling.of(pairs.matrix)
        scaled_PF = scaling.apply(pairs.matrix)
        return cls(
            columns=tuple(pairs.columns),
            scaling=scaling,
            centre=scaled_PF.mean(axis=0),
            log_odds=fit_log_odds(scaled_PF[decided], is_gain[decided], settings),
            size=fit_size(scaled_PF, pairs.gains, settings),
            settings=settings,
        )

    def probabilities(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """(P,) of a gain, 0 to 1, for each row of a table of pairs that has the columns, without gaps."""
        return probability(self.log_odds.at(self._scaled(table)))

    def sizes(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """(P,) the change that is to be expected, in per cent of the main task's score alone."""
        return self.size.at(self._scaled(table))

    def contributions(self, table: pd.DataFrame) -> pd.DataFrame:
        """What speaks for a gain and what against it: coefficient · (scaled value − its mean), per feature of pairs.

        In log odds; their sum over the columns is how far a pair's log odds lie from those of the mean pair.
        """
        import pandas as pd

        shares_PF = self.log_odds.coefficients * (self._scaled(table) - self.centre)
        return pd.DataFrame(shares_PF, index=table.index, columns=list(self.columns))

    def _scaled(self, table: pd.DataFrame) -> NDArray[np.float64]:
        values_PF = table[list(self.columns)].to_numpy(dtype=float)
        if np.isnan(values_PF).any():
            raise ValueError("a feature of a pair is not known; fit a predictor without it")
        return self.scaling.apply(values_PF)
