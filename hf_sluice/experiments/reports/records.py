"""What reports read of a run's record, a line of ``runs.jsonl``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from hf_sluice.analysis.sharing_tables import Sharing
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SHORT = 12  # digits of a commit


class EpochRecord(BaseModel):
    """One epoch of training: mean loss and development score per task."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    epoch: int
    losses: dict[str, float | None]
    validation: dict[str, float | None] = {}


class MaskRecord(BaseModel):
    """What the masks of a run came to.

    Args:
        sparsity: per task the share of masked weights that remain.
        overlap: weights in all masks over weights in any.
        pairs: two tasks each, and the overlap of their masks.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    sparsity: dict[str, float]
    overlap: float
    pairs: list[tuple[str, str, float]]


class CandidateRecord(BaseModel):
    """A subnet that a search came by: prunings, share of weights remaining, its development score, and what it took."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    round: int
    sparsity: float
    value: float | None
    seconds: float


class SearchRecord(BaseModel):
    """The search for masks: per task its candidates, and the round of the one chosen. Empty where none was needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    candidates: dict[str, list[CandidateRecord]]
    chosen_round: dict[str, int]


class RunRecord(BaseModel):
    """One run.

    Args:
        key: what the column ``run`` of the results holds.
        point: per axis the name of its value.
        seed: of initial values, batches and noise.
        tasks: the tasks' names, in the order of α and β.
        parameters: of the model, all of them.
        counted_parameters: those without embeddings and output layers, of masked ones those in any mask; None for runs
            from before they were counted.
        num_subspaces: S; as α and β, None for what is no sluice network.
        alpha: (K, N·S, N·S), row = target, column = source.
        beta: (M, K).
        masks: of sparse sharing; None for other models.
        search: of its masks.
        recipe: of the run, without what has its default.
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
    parameters: int
    counted_parameters: int | None = None
    num_subspaces: int | None = None
    alpha: list[list[list[float]]] | None = None
    beta: list[list[float]] | None = None
    masks: MaskRecord | None = None
    search: SearchRecord | None = None
    recipe: dict[str, Any] = {}
    training_seconds: float
    epochs: int
    best_epoch: int
    commit: str | None = None
    device: str | None = None
    curve: list[EpochRecord] = []
    characteristics: dict[str, float | None] | None = None

    @property
    def sharing(self) -> Sharing:
        """α and β with their names.

        Raises:
            UserError: the run is not one of a sluice network.
        """
        if self.num_subspaces is None or self.alpha is None or self.beta is None:
            place = ", ".join(self.point.values())
            raise UserError(f"report: run {self.key} ({place}, seed {self.seed}) has no α and β: no sluice network")
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
