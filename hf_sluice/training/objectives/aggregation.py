"""Methods that settle conflicts between the tasks' gradients, by the TorchJD library (the extra ``torchjd``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from hf_sluice.errors import UserError
from hf_sluice.training.objectives.objective import Objective

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import nn
    from torchjd.aggregation import Aggregator

    from hf_sluice.tasks import Task
    from hf_sluice.training.objectives.objective import StepLosses
    from hf_sluice.training.objectives.settings import ObjectiveSettings
    from hf_sluice.training.processes import Processes


class GradientAggregation(Objective):
    """Combines the tasks' gradients ∇λ_m L_m where they meet.

    The networks of a tagger lie in common tensors, of which each task reaches a part. What is shared is therefore said
    of single values: those that the losses of several tasks would move in this step. They get what the aggregator
    makes of the gradients; all others (heads, networks of one task, words that only one task's sentences contain) get
    exactly that of their task.

    Args:
        tasks: all tasks; every step trains all of them.
        processes: a single one.
        parameters: what is trained.
        aggregator: turns the gradients of tasks (M, P) into one (P,).
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        processes: Processes,
        parameters: Sequence[nn.Parameter],
        aggregator: Aggregator,
    ) -> None:
        super().__init__(tasks, processes)
        self._parameters = list(parameters)
        self._aggregator = aggregator
        self._sums = dict.fromkeys(self._lambda, 0.0)
        self._counts = dict.fromkeys(self._lambda, 0)

    def backward(self, step: StepLosses) -> None:
        """Leaves the gradients of a step in the parameters' ``grad``."""
        losses = [self._lambda[name] * step.losses[name] for name in step.labelled]
        jacobian_MP = torch.stack([self._gradient(loss) for loss in losses])
        gradient_P, weights_M = aggregated(jacobian_MP, self._aggregator)
        parts = gradient_P.split([parameter.numel() for parameter in self._parameters])
        for parameter, part in zip(self._parameters, parts, strict=True):
            parameter.grad = part.view_as(parameter)
        if step.penalty.requires_grad:
            self._processes.backward(step.penalty)
        if weights_M is not None:
            for name, weight in zip(step.labelled, weights_M.tolist(), strict=True):
                self._sums[name] += weight
                self._counts[name] += 1

    def finish_epoch(self, losses: Mapping[str, float]) -> None:  # noqa: ARG002 - only the epoch's end matters
        """Begins the means of the weights anew."""
        self._sums = dict.fromkeys(self._lambda, 0.0)
        self._counts = dict.fromkeys(self._lambda, 0)

    def values(self) -> dict[str, dict[str, float]]:
        """``weights``: the epoch's mean factors of ∇λ_m L_m on what is shared, where the method has such factors."""
        weights = {name: self._sums[name] / count for name, count in self._counts.items() if count}
        return {"weights": weights} if weights else {}

    def state_dict(self) -> dict[str, Any]:
        """The weights of the epoch at hand, summed up."""
        return {"sums": dict(self._sums), "counts": dict(self._counts)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        self._sums, self._counts = dict(state["sums"]), dict(state["counts"])

    def _gradient(self, loss: Tensor) -> Tensor:
        """Of all parameters, one after the other: (P,)."""
        gradients = torch.autograd.grad(loss, self._parameters, retain_graph=True, materialize_grads=True)
        return torch.cat([gradient.flatten() for gradient in gradients])


def aggregated(jacobian_MP: Tensor, aggregator: Aggregator) -> tuple[Tensor, Tensor | None]:
    """One gradient of several.

    Args:
        jacobian_MP: a row per task.
        aggregator: applied to the columns in which more than one row has a value; the others are copied.

    Returns:
        The gradient (P,), and the weights (M,) of the rows in it; None if nothing is shared, or the aggregator does
        not weight whole rows.
    """
    from torchjd.aggregation import WeightedAggregator

    shared_P = (jacobian_MP != 0).sum(0) > 1
    gradient_P, weights_M = jacobian_MP.sum(0), None
    if shared_P.any():
        shared_MP = jacobian_MP[:, shared_P]
        if isinstance(aggregator, WeightedAggregator):
            weights_M = aggregator.weighting(shared_MP)
            gradient_P[shared_P] = weights_M @ shared_MP
        else:
            gradient_P[shared_P] = aggregator(shared_MP)
    return gradient_P, weights_M


def make_aggregator(settings: ObjectiveSettings) -> Aggregator:
    """The aggregator that the settings name.

    Raises:
        UserError: the library, or the solver that the method needs, is not installed.
    """
    try:
        from torchjd import aggregation

        if settings.name == "cagrad":
            return aggregation.CAGrad(settings.option("radius"))
    except ImportError:
        extra = "cagrad" if settings.name == "cagrad" else "torchjd"
        raise UserError(
            f"training.objective: what {settings.name} needs is not installed; pip install 'hf-sluice[{extra}]'"
        ) from None
    return {
        "pcgrad": aggregation.PCGrad,
        "mgda": aggregation.MGDA,
        "imtl_g": aggregation.IMTLG,
        "aligned_mtl": aggregation.AlignedMTL,
        "config": aggregation.ConFIG,
        "graddrop": aggregation.GradDrop,
    }[settings.name]()
