"""How far a run has come: all that a resumed run needs besides recipe and data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


@dataclass(slots=True)
class TrainingProgress:
    """Position, best epoch so far, and sums of the epoch at hand.

    Args:
        epoch: the epoch at hand, from 0.
        step_in_epoch: steps of it that are done.
        step: optimisation steps done in all.
        best_score: best development score so far, None before the first.
        best_epoch: its epoch.
        epochs_without_gain: epochs since then.
        sums: per task the sum of its losses over the steps of this epoch, a scalar tensor; ``penalty`` likewise.
        counts: per task the number of steps that trained it in this epoch.
        tokens: words read in this epoch, by all processes.
    """

    epoch: int = 0
    step_in_epoch: int = 0
    step: int = 0
    best_score: float | None = None
    best_epoch: int | None = None
    epochs_without_gain: int = 0
    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    tokens: int = 0

    def add(self, losses: Mapping[str, Tensor], tokens: int) -> None:
        """Counts one step. The sums stay on their device: nothing waits for them."""
        for name, value in losses.items():
            self.sums[name] = self.sums[name] + value.detach() if name in self.sums else value.detach()
            self.counts[name] = self.counts.get(name, 0) + 1
        self.tokens += tokens
        self.step += 1
        self.step_in_epoch += 1

    def mean_losses(self) -> dict[str, float]:
        """Mean loss per task over the steps of this epoch that trained it."""
        return {name: float(total) / self.counts[name] for name, total in self.sums.items()}

    def record(self, score: float) -> bool:
        """Takes note of the development score of the epoch at hand; whether it is the best so far."""
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
        self.sums.clear()
        self.counts.clear()

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain values."""
        return asdict(self)

    @classmethod
    def from_state_dict(cls, state: Mapping[str, Any]) -> Self:
        """Reads what :meth:`state_dict` gave."""
        return cls(**state)
