"""Fast adaptive multitask optimisation (FAMO: Liu, Feng, Stone & Liu 2023, algorithms 1 and 2).

As in algorithm 2 and in the authors' program, Adam makes the steps of the logits ξ, with γ as its weight decay, and
losses have 1e-8 added before they are divided by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from hf_sluice.training.device_transfer import on_device
from hf_sluice.training.objectives.objective import Objective, weighted_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hf_sluice.tasks import Task
    from hf_sluice.training.objectives.objective import StepLosses
    from hf_sluice.training.processes import Processes


_EPSILON = 1e-8


class FastAdaptiveWeights(Objective):
    """Lets the logarithms of all losses fall at the same rate.

    A step goes along Σ c z_m ∇L_m / L_m with z = softmax(ξ + log λ) and c = 1 / Σ (z_m / L_m), a convex combination of
    the tasks' gradients. Then ξ moves against the fall of each log L_m on the same batch, and is drawn to 0, where z is
    λ / Σ λ. Tasks without labels in a batch stay out of it.

    Args:
        tasks: all tasks, M of them; every step trains all of them.
        processes: those that train the model.
        learning_rate: of ξ.
        decay: γ.
    """

    def __init__(self, tasks: Sequence[Task], processes: Processes, learning_rate: float, decay: float) -> None:
        super().__init__(tasks, processes)
        device = processes.device
        self._log_lambda_M = torch.tensor(list(self._lambda.values()), device=device).log()
        self._logits_M = torch.zeros(len(tasks), device=device, requires_grad=True)
        self._optimizer = torch.optim.Adam([self._logits_M], lr=learning_rate, weight_decay=decay)
        self._absent_M = torch.zeros(len(tasks), dtype=torch.bool, device=device)  # in the batch at hand
        self._losses_M = torch.ones(len(tasks), device=device)  # before the model's step

    def backward(self, step: StepLosses) -> None:
        """Adds the gradients of a step to the parameters' ``grad``."""
        absent = [name not in step.labelled for name in self._lambda]
        self._absent_M = on_device(torch.tensor(absent), self._logits_M.device)
        self._losses_M = self._over_processes(step.losses)
        with torch.no_grad():
            parts_M = self._shares(self._absent_M) / self._losses_M
            weights = dict(zip(self._lambda, (parts_M / parts_M.sum()).unbind(), strict=True))
        self._processes.backward(weighted_sum(step, weights))

    def after_step(self, losses_again: Callable[[], Mapping[str, Tensor]]) -> None:
        """Moves ξ by how far each loss fell."""
        fall_M = self._losses_M.log() - self._over_processes(losses_again()).log()
        (self._logits_M.grad,) = torch.autograd.grad(self._shares(self._absent_M), self._logits_M, fall_M)
        self._optimizer.step()

    def values(self) -> dict[str, dict[str, float]]:
        """``weights``: z as it is now, summing to 1."""
        shares_M = self._shares(torch.zeros_like(self._absent_M))
        return {"weights": dict(zip(self._lambda, shares_M.tolist(), strict=True))}

    def state_dict(self) -> dict[str, Any]:
        """ξ, and where Adam is."""
        return {"logits": self._logits_M.detach(), "optimizer": self._optimizer.state_dict()}

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        self._logits_M.copy_(state["logits"])
        self._optimizer.load_state_dict(state["optimizer"])

    def _shares(self, absent_M: Tensor) -> Tensor:
        """z; 0 for tasks that are absent."""
        logits_M = self._logits_M + self._log_lambda_M
        return logits_M.masked_fill(absent_M, -torch.inf).softmax(0)

    def _over_processes(self, losses: Mapping[str, Tensor]) -> Tensor:
        own_M = torch.stack([losses[name].detach() for name in self._lambda])
        total_M: Tensor = self._processes.reduce(own_M, "mean")
        return total_M + _EPSILON
