"""How far a run has come: all that a resumed run needs besides recipe and data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from hf_sluice.training.loss_means import LossMeans

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor


@dataclass(slots=True)
class TrainingProgress:
    """Position, best epoch so far, and losses of the epoch at hand.

    Args:
        epoch: the epoch at hand, from 0.
        step_in_epoch: steps of it that are done.
        step: optimisation steps done in all.
        best_score: best development score so far, None before the first.
        best_epoch: its epoch.
        last_score: development score of the last epoch done.
        epochs_without_gain: epochs since the best one.
        losses: of this epoch, per task, and ``penalty``.
        unlogged: losses since they were last written to the metrics; None where only those of epochs are written.
        tokens: words read in this epoch, by all processes.
        total_steps: steps that all epochs have together, if none is left out; None where nobody needs to know.
    """

    epoch: int = 0
    step_in_epoch: int = 0
    step: int = 0
    best_score: float | None = None
    best_epoch: int | None = None
    last_score: float | None = None
    epochs_without_gain: int = 0
    losses: LossMeans = field(default_factory=LossMeans)
    unlogged: LossMeans | None = None
    tokens: int = 0
    total_steps: int | None = None

    def add(self, losses: Mapping[str, Tensor], tokens: int) -> None:
        """Counts one step. The sums stay on their device: nothing waits for them."""
        self.losses.add(losses)
        if self.unlogged is not None:
            self.unlogged.add(losses)
        self.tokens += tokens
        self.step += 1
        self.step_in_epoch += 1

    def mean_losses(self) -> dict[str, float]:
        """Mean loss per task over the steps of this epoch that trained it."""
        return self.losses.means()

    def record(self, score: float) -> bool:
        """Takes note of the development score of the epoch at hand; whether it is the best so far."""
        self.last_score = score
        if self.best_score is None or math.isnan(self.best_score) or score > self.best_score:
            self.best_score, self.best_epoch, self.epochs_without_gain = score, self.epoch, 0
            return True
        self.epochs_without_gain += 1
        return False

    def next_epoch(self) -> None:
        """Moves to the beginning of the next epoch."""
        self.epoch += 1
        self.step_in_epoch = 0
        self.tokens = 0
        self.losses.clear()

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain values."""
        return asdict(self)

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any]) -> Self:
        """Reads what :meth:`state_dict` gave."""
        unlogged = state["unlogged"]
        return cls(
            **{
                **state,
                "losses": LossMeans(**state["losses"]),
                "unlogged": None if unlogged is None else LossMeans(**unlogged),
            }
        )

    def move_to(self, device: torch.device) -> None:
        """Moves the sums to where further losses are computed."""
        for losses in (self.losses, self.unlogged):
            if losses is not None:
                losses.move_to(device)
