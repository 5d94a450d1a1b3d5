"""Mean losses over some steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor


@dataclass(slots=True)
class LossMeans:
    """Losses added up where they were computed: nothing waits for them before the means are asked for.

    Args:
        sums: per task the sum of its losses, a scalar tensor.
        counts: per task the number of losses.
    """

    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, losses: Mapping[str, Tensor]) -> None:
        """Counts the losses of one step."""
        for name, value in losses.items():
            self.sums[name] = self.sums[name] + value.detach() if name in self.sums else value.detach()
            self.counts[name] = self.counts.get(name, 0) + 1

    def means(self) -> dict[str, float]:
        """Mean loss per task over the steps that trained it; tasks of no step are left out."""
        return {name: float(total) / self.counts[name] for name, total in self.sums.items()}

    def clear(self) -> None:
        """Begins anew."""
        self.sums.clear()
        self.counts.clear()

    def move_to(self, device: torch.device) -> None:
        """Moves the sums to where further losses are computed."""
        self.sums = {name: total.to(device) for name, total in self.sums.items()}
