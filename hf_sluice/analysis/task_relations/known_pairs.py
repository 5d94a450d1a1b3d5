"""Pairs of tasks of which both the features and the gain are known: what predictors are fitted and tried on.

Shape letters: P pairs, F features of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.analysis.task_relations.gains import Verdict
from hf_sluice.analysis.task_relations.pair_features import AUXILIARY, MAIN, pair_features

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Self

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class KnownPairs:
    """Pairs with features and gains.

    Args:
        values: index ``(main, auxiliary)``; a column per feature of pairs, without gaps.
        gains: (P,) relative change of the main task's score in per cent.
        verdicts: (P,) gain, loss or undecided.
    """

    values: pd.DataFrame
    gains: NDArray[np.float64]
    verdicts: tuple[Verdict, ...]

    @classmethod
    def of(
        cls,
        features: pd.DataFrame,
        gains: pd.DataFrame,
        names: Sequence[str],
        columns: Collection[str] | None = None,
    ) -> tuple[Self, list[str]]:
        """Puts features and gains together.

        Args:
            features: of tasks.
            gains: ``main``, ``auxiliary``, ``gain``, ``verdict``, a row per pair.
            names: features of tasks to take.
            columns: features of pairs to take, of those that the names make; None for all.

        Returns:
            The pairs, and what is left out: a line for each feature of pairs that is not known for all of them.

        Raises:
            UserError: a task or a feature is not there.
        """
        pairs = list(zip(gains["main"], gains["auxiliary"], strict=True))
        found = pair_features(features, names, pairs)
        wanted = [name for name in found.table.columns if columns is None or name in columns]
        known = [name for name in wanted if name in set(found.known)]
        verdicts = tuple(Verdict(verdict) for verdict in gains["verdict"])
        kept = cls(found.table[known], gains["gain"].to_numpy(dtype=float), verdicts)
        return kept, found.problems if len(known) < len(wanted) else []

    @property
    def columns(self) -> list[str]:
        """Names of the features of pairs."""
        return list(self.values.columns)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(P, F) the features."""
        return self.values.to_numpy(dtype=float)

    @property
    def is_gain(self) -> NDArray[np.bool_]:
        """(P,) whether there is a gain."""
        return np.array([verdict is Verdict.GAIN for verdict in self.verdicts])

    @property
    def is_decided(self) -> NDArray[np.bool_]:
        """(P,) whether there is a gain or a loss."""
        return np.array([verdict is not Verdict.UNDECIDED for verdict in self.verdicts])

    @property
    def tasks(self) -> list[str]:
        """The tasks, in the order in which they come as main task."""
        both = [*self.values.index.get_level_values(MAIN), *self.values.index.get_level_values(AUXILIARY)]
        return list(dict.fromkeys(both))

    def involves(self, task: str) -> NDArray[np.bool_]:
        """(P,) whether a task stands in either place."""
        index = self.values.index
        return np.asarray((index.get_level_values(MAIN) == task) | (index.get_level_values(AUXILIARY) == task))

    def take(self, rows: NDArray[np.bool_]) -> KnownPairs:
        """Some of the pairs."""
        verdicts = tuple(verdict for verdict, taken in zip(self.verdicts, rows, strict=True) if taken)
        return KnownPairs(self.values[rows], self.gains[rows], verdicts)

    def with_columns(self, columns: Sequence[str]) -> KnownPairs:
        """The pairs with some of their features."""
        return KnownPairs(self.values[list(columns)], self.gains, self.verdicts)

    def names_alone(self) -> KnownPairs:
        """The pairs with no feature but which task is the main one and which the auxiliary one."""
        import pandas as pd

        index = self.values.index
        columns = {
            f"{role} is {task}": np.asarray(index.get_level_values(role) == task, dtype=float)
            for role in (MAIN, AUXILIARY)
            for task in self.tasks
        }
        return KnownPairs(pd.DataFrame(columns, index=index), self.gains, self.verdicts)
