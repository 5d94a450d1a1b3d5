"""Weights learned as homoscedastic uncertainty (Kendall, Gal & Cipolla 2018, section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from hf_sluice.tasks import TaskKind
from hf_sluice.training.objectives.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.tasks import Task
    from hf_sluice.training.objectives.objective import StepLosses
    from hf_sluice.training.processes import Processes


class Uncertainty(Objective):
    """Learns with the model how far each task's labels can be trusted.

    With s_m = log σ_m², 0 at first, a task contributes λ_m (L_m / σ_m² + log σ_m), or for regression
    λ_m (L_m / 2σ_m² + log σ_m). λ stands before both terms: before the loss alone, σ would learn to undo it.

    Args:
        tasks: all tasks.
        processes: those that train the model.
    """

    def __init__(self, tasks: Sequence[Task], processes: Processes) -> None:
        super().__init__(tasks, processes)
        self._factors = {task.name: 0.5 if task.kind is TaskKind.REGRESSION else 1.0 for task in tasks}
        # One parameter per task: a step without a task gives its s no gradient, not even one of 0.
        self._log_variances = {name: nn.Parameter(torch.zeros((), device=processes.device)) for name in self._factors}

    def loss(self, step: StepLosses) -> Tensor:
        """The scalar that is minimised."""
        total = step.penalty
        for name, value in step.losses.items():
            if name in step.labelled:
                s = self._log_variances[name]
                total = total + self._lambda[name] * (self._factors[name] * torch.exp(-s) * value + step.share * s / 2)
            else:
                total = total + value  # 0: processes that share a batch need a gradient of every parameter
        return total

    def backward(self, step: StepLosses) -> None:
        """Adds the gradients of a step to the parameters' ``grad``."""
        self._processes.backward(self.loss(step))

    def parameters(self) -> list[nn.Parameter]:
        """The log variances s."""
        return list(self._log_variances.values())

    def values(self) -> dict[str, dict[str, float]]:
        """``weights``: what the losses are multiplied by; ``log_variances``: s."""
        log_variances = {name: s.detach() for name, s in self._log_variances.items()}
        weights = {
            name: self._lambda[name] * factor * float(torch.exp(-log_variances[name]))
            for name, factor in self._factors.items()
        }
        return {"weights": weights, "log_variances": {name: float(s) for name, s in log_variances.items()}}

    def state_dict(self) -> dict[str, Any]:
        """The log variances."""
        return {name: value.detach() for name, value in self._log_variances.items()}

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        for name, value in self._log_variances.items():
            value.copy_(state[name])
