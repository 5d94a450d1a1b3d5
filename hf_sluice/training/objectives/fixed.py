"""The papers' objective: Σ λ_m L_m + w·Ω (Ruder et al. 2019, "Matrix Regularization")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.training.objectives.objective import Objective, weighted_sum

if TYPE_CHECKING:
    from hf_sluice.training.objectives.objective import StepLosses


class FixedWeights(Objective):
    """Each task counts by its λ, from beginning to end."""

    def backward(self, step: StepLosses) -> None:
        """Adds the gradients of a step to the parameters' ``grad``."""
        self._processes.backward(weighted_sum(step, self._lambda))

    def values(self) -> dict[str, dict[str, float]]:
        """``weights``: λ."""
        return {"weights": dict(self._lambda)}
