"""The cost model: seconds = operations / their rate + bytes / their rate + launches · what one of them takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy.optimize import nnls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from step_costs import StepCosts


@dataclass(frozen=True, slots=True)
class CostFit:
    """Seconds for each operation, byte and launch.

    Args:
        operation: seconds.
        byte: seconds.
        launch: seconds.
    """

    operation: float
    byte: float
    launch: float

    @classmethod
    def of(cls, costs: Sequence[StepCosts], seconds: Sequence[float], peak: float) -> Self:
        """The fit with the least squared relative errors: short steps count as much as long ones.

        Args:
            costs: of steps.
            seconds: that they took.
            peak: operations a second that the device can do. None takes less; without this, bytes, which grow with the
                same sizes, would pass for operations.
        """
        amounts = np.array([cost.row() for cost in costs])
        least = np.array([1 / peak, 0.0, 0.0])
        scale = amounts.mean(axis=0)
        taken = np.array(seconds)
        more, _ = nnls(amounts / scale / taken[:, None], 1 - amounts @ least / taken)
        return cls(*(least + more / scale))

    def parts(self, cost: StepCosts) -> np.ndarray:
        """Seconds for operations, bytes and launches of a step."""
        return cost.row() * np.array([self.operation, self.byte, self.launch])

    def seconds(self, cost: StepCosts) -> float:
        """Of a step."""
        return float(self.parts(cost).sum())

    def r_squared(self, costs: Sequence[StepCosts], seconds: Sequence[float]) -> float:
        """The share of the variance of the logarithms of the seconds that the fit explains."""
        measured = np.log(seconds)
        residual = measured - np.log([self.seconds(cost) for cost in costs])
        return float(1 - (residual**2).sum() / ((measured - measured.mean()) ** 2).sum())

    def worst_error(self, costs: Sequence[StepCosts], seconds: Sequence[float]) -> float:
        """The largest relative error."""
        return max(abs(self.seconds(cost) / taken - 1) for cost, taken in zip(costs, seconds, strict=True))
