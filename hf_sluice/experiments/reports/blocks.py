"""The scores behind one table of a report: rows are systems, columns are domains or tasks.

Nothing is averaged over what is missing: an average over domains of which one run lacks a score does not exist for that
run's seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from hf_sluice.tasks import TaskMetric

AVERAGE = "average"


@dataclass(frozen=True, eq=False)
class Block:
    """Scores of systems.

    Args:
        title: ``In-domain``, ``Out-of-domain``, …
        scores: one row per score that there should be: ``row`` (the system), ``seed``, ``source`` (what was trained
            on), ``domain`` (what was tested on), ``column``, ``score`` (NaN where it is missing).
        rows: the systems, in order.
        metrics: per column what its scores are, in the columns' order.
        averaged: whether the mean of the columns makes sense.
        by_column: whether each column is a matter of its own, so that systems are compared in each of them, and a mean
            over them is one figure per seed.
    """

    title: str
    scores: pd.DataFrame
    rows: tuple[str, ...]
    metrics: dict[str, TaskMetric]
    averaged: bool
    by_column: bool = False

    @property
    def columns(self) -> list[str]:
        """The columns to show, the average last."""
        return [*self.metrics, AVERAGE] if self.averaged and len(self.metrics) > 1 else list(self.metrics)

    @property
    def summary(self) -> list[str]:
        """The columns in which systems are compared: the average, or all where there is none or each counts."""
        return [AVERAGE] if self.averaged and not self.by_column else self.columns

    @property
    def is_mixed(self) -> bool:
        """Whether its scores are of several kinds."""
        return len(set(self.metrics.values())) > 1

    def metric(self, column: str) -> TaskMetric:
        """What the scores of a column are; of an average, what those of the first are."""
        return next(iter(self.metrics.values())) if column == AVERAGE else self.metrics[column]

    @property
    def num_seeds(self) -> int:
        """How many seeds there should be."""
        return self.scores["seed"].nunique()

    @cached_property
    def per_seed(self) -> pd.DataFrame:
        """The figures of each system and seed; index (row, seed), the average as a column where it makes sense."""
        means = self.scores.groupby(["row", "seed", "column"])["score"].agg(_mean_of_all)
        table = means.unstack("column")[list(self.metrics)]
        if self.averaged:
            table[AVERAGE] = table.mean(axis=1, skipna=False)
        return table

    def values(self, row: str, column: str) -> list[float]:
        """A system's figures in a column, one per seed that has one."""
        return list(self.per_seed.loc[row, column].dropna())

    def units(self, row: str, column: str) -> pd.Series:
        """A system's scores that go into its figure in a summary column; index (seed, source, domain)."""
        if column == AVERAGE and self.by_column:
            means = self.per_seed.loc[row].reset_index().assign(source="", domain="")
            return means.set_index(["seed", "source", "domain"])[AVERAGE]
        chosen = self.scores[self.scores["row"] == row]
        if column != AVERAGE:
            chosen = chosen[chosen["column"] == column]
        return chosen.set_index(["seed", "source", "domain"])["score"]


def _mean_of_all(scores: pd.Series) -> float:
    return float(scores.mean(skipna=False))
