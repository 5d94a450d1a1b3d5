"""What all objectives have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor, nn

    from hf_sluice.tasks import Task
    from hf_sluice.training.processes import Processes


@dataclass(frozen=True, slots=True)
class StepLosses:
    """What a forward pass over a batch, or over a piece of it, gave.

    Args:
        losses: L_m per task of the step, of a piece its part of that; 0 where there is no label of the task.
        penalty: w·Ω, which enters every objective once and unweighted; of a piece the ``share`` of that.
        labelled: the tasks of which the batch, over all pieces and processes, has labels.
        share: what counts once per batch counts this much; the shares of a batch's pieces add up to 1.
    """

    losses: Mapping[str, Tensor]
    penalty: Tensor
    labelled: Sequence[str]
    share: float = 1.0


class Objective(ABC):
    """Turns the losses of a step into gradients.

    Args:
        tasks: all tasks; their ``weight`` is λ.
        processes: those that train the model.
    """

    def __init__(self, tasks: Sequence[Task], processes: Processes) -> None:
        self._processes = processes
        self._lambda = {task.name: task.weight for task in tasks}

    @abstractmethod
    def backward(self, step: StepLosses) -> None:
        """Adds the gradients of a step, or of a piece of its batch, to the parameters' ``grad``."""

    def after_step(self, losses_again: Callable[[], Mapping[str, Tensor]]) -> None:  # noqa: B027 - most need nothing
        """Called after the model was changed; ``losses_again`` computes the losses of the same batch anew."""

    def finish_epoch(self, losses: Mapping[str, float]) -> None:  # noqa: B027
        """Called after an epoch with its mean losses, those of all processes."""

    def parameters(self) -> list[nn.Parameter]:
        """What is learned by gradient beside the model; not decayed. Gradients are those of this process alone."""
        return []

    def values(self) -> dict[str, dict[str, float]]:
        """What there is to log of the epoch at hand: ``weights`` of the tasks, and what they were derived from."""
        return {}

    def state_dict(self) -> dict[str, Any]:
        """What a resumed run needs: tensors and plain values."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:  # noqa: B027
        """Takes up what :meth:`state_dict` gave, from whichever device."""


def weighted_sum(step: StepLosses, weights: Mapping[str, float | Tensor]) -> Tensor:
    """w·Ω + Σ weight_m L_m, added up in the order in which the model does it."""
    total = step.penalty
    for name, loss in step.losses.items():
        total = total + weights[name] * loss
    return total
