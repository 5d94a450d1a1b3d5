"""What reports read of a run's record, a line of ``runs.jsonl``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from hf_sluice.analysis.sharing_tables import Sharing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORT = 12  # digits of a commit


class EpochRecord(BaseModel):
    """One epoch of training: mean loss and development score per task."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    epoch: int
    losses: dict[str, float | None]
    validation: dict[str, float | None] = {}


class RunRecord(BaseModel):
    """One run.

    Args:
        key: what the column ``run`` of the results holds.
        point: per axis the name of its value.
        seed: of initial values, batches and noise.
        tasks: the tasks' names, in the order of α and β.
        num_subspaces: S.
        alpha: (K, N·S, N·S), row = target, column = source.
        beta: (M, K).
        training_seconds: what training took.
        commit: of the code that made the run, None where that is not known.
        device: what it ran on, such as ``cpu``.
        curve: the epochs, in order.
        characteristics: of the sentences trained on, by name; None for runs from before these were kept.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    key: str
    point: dict[str, str]
    seed: int
    tasks: list[str]
    num_subspaces: int
    parameters: int
    alpha: list[list[list[float]]]
    beta: list[list[float]]
    training_seconds: float
    epochs: int
    best_epoch: int
    commit: str | None = None
    device: str | None = None
    curve: list[EpochRecord] = []
    characteristics: dict[str, float | None] | None = None

    @property
    def sharing(self) -> Sharing:
        """α and β with their names."""
        return Sharing(tuple(self.tasks), self.num_subspaces, np.array(self.alpha), np.array(self.beta))

    @property
    def short_commit(self) -> str:
        """The commit as people write it; ``+`` stands for changes that are in no commit."""
        if self.commit is None:
            return "unknown"
        return self.commit[:_SHORT] + "+" * self.commit.endswith("+")


def read_records(runs: Iterable[Mapping[str, Any]]) -> list[RunRecord]:
    """Checks the records of an experiment's runs."""
    return [RunRecord.model_validate(run) for run in runs]
