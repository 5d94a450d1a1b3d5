"""What moves a model in a step: the parts that the step's tasks train, and nothing else.

Sun et al. 2020 ("Training Subnets in Parallel"): a step on task t updates the weights of its subnet only. Weights
outside of it, and what the optimiser keeps of them, stay as they are to the bit: neither momentum nor decay moves them.
Parameters that are not masked move whenever they have a gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch

from hf_sluice.training.optimization import make_optimizer
from hf_sluice.training.subnet_weights import SubnetWeights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from torch import Tensor, nn

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.training.settings import TrainingSettings


class StepOptimizer(Protocol):
    """Moves what the tasks of a step may move."""

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """As those of an optimiser of torch: each has its learning rate under ``lr``."""
        ...

    def step(self, tasks: Sequence[str]) -> None:
        """Moves what these tasks train by the gradients that there are.

        Raises:
            ValueError: the optimiser was made for steps of other tasks.
        """
        ...

    def zero_grad(self) -> None:
        """Clears all gradients."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Tensors and plain values."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave for the same model and masks."""
        ...


class SharedState:
    """One optimiser, whose state of a weight serves all tasks.

    Args:
        model: what is trained.
        task_sets: sets of tasks that are trained together: the tasks of a step are one of them, or several.
        settings: how.
        beside: parameters of the objective.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        task_sets: Sequence[Sequence[str]],
        settings: TrainingSettings,
        beside: Sequence[nn.Parameter] = (),
    ) -> None:
        self._task_sets = [frozenset(tasks) for tasks in task_sets]
        self._masked = _masked_weights(model, [model.subnet(list(tasks)) for tasks in task_sets])
        self._optimizer = make_optimizer(self._named_parameters(model), settings, beside)

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Those of the optimiser."""
        return self._optimizer.param_groups

    def step(self, tasks: Sequence[str]) -> None:
        """Moves what these tasks train by the gradients that there are."""
        subnets = self._subnets(tasks) if self._masked else frozenset()
        for weights in self._masked.values():
            weights.lend(subnets)
        self._optimizer.step()
        for weights in self._masked.values():
            weights.take_back()

    def zero_grad(self) -> None:
        """Clears all gradients."""
        self._optimizer.zero_grad()
        for weights in self._masked.values():
            weights.forget_gradient()

    def state_dict(self) -> dict[str, Any]:
        """That of the optimiser."""
        return self._optimizer.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        self._optimizer.load_state_dict(state)

    def _subnets(self, tasks: Sequence[str]) -> frozenset[int]:
        found = frozenset(number for number, of in enumerate(self._task_sets) if of.issubset(tasks))
        if set(tasks) != {task for number in found for task in self._task_sets[number]}:
            raise ValueError(f"tasks {', '.join(tasks)}: the optimiser was made for other steps")
        return found

    def _named_parameters(self, model: nn.Module) -> Iterator[tuple[str, nn.Parameter]]:
        for name, parameter in model.named_parameters():
            if name in self._masked:
                yield from ((name, block) for block in self._masked[name].blocks())
            else:
                yield name, parameter


class PerTaskState:
    """One optimiser for each task: the steps of a task know nothing of the others' momentum.

    Each has the weights of its task's subnet and all parameters that are not masked; of those that its task does not
    use, it keeps no state.

    Args:
        model: what is trained.
        tasks: names; a step trains one of them.
        settings: how.
        beside: parameters of the objective.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        tasks: Sequence[str],
        settings: TrainingSettings,
        beside: Sequence[nn.Parameter] = (),
    ) -> None:
        self._of_task = {task: SharedState(model, [[task]], settings, beside) for task in tasks}

    @property
    def param_groups(self) -> list[dict[str, Any]]:
        """Those of all optimisers."""
        return [group for optimizer in self._of_task.values() for group in optimizer.param_groups]

    def step(self, tasks: Sequence[str]) -> None:
        """Moves what this one task trains by the gradients that there are."""
        if len(tasks) != 1:
            raise ValueError(f"tasks {', '.join(tasks)}: with optimizer_state per_task, a step trains one task")
        self._of_task[tasks[0]].step(tasks)

    def zero_grad(self) -> None:
        """Clears all gradients."""
        for optimizer in self._of_task.values():
            optimizer.zero_grad()

    def state_dict(self) -> dict[str, Any]:
        """Those of the optimisers, by their tasks."""
        return {task: optimizer.state_dict() for task, optimizer in self._of_task.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        for task, optimizer in self._of_task.items():
            optimizer.load_state_dict(state[task])


def make_step_optimizer(
    model: TaggerForTokenClassification,
    tasks: Sequence[str],
    settings: TrainingSettings,
    beside: Sequence[nn.Parameter] = (),
) -> StepOptimizer:
    """The optimiser of the settings.

    Args:
        model: what is trained, where it is trained; its masks do not change from here on.
        tasks: names of all tasks.
        settings: how; without an ``optimizer_state``, models of sparse sharing get one per task where steps allow it.
        beside: parameters of the objective.
    """
    per_task = settings.step == "per_task"
    state = settings.optimizer_state
    if state is None:
        state = "per_task" if per_task and model.config.model_type == "sparse_sharing" else "shared"
    if state == "per_task":
        return PerTaskState(model, tasks, settings, beside)
    return SharedState(model, [[task] for task in tasks] if per_task else [tasks], settings, beside)


def _masked_weights(model: nn.Module, subnets: Sequence[Mapping[str, Tensor]]) -> dict[str, SubnetWeights]:
    """The parameters of which a subnet lacks a part; a parameter that a subnet does not mention is all its own."""
    masked = {}
    for name, parameter in model.named_parameters():
        if not any(name in subnet for subnet in subnets):
            continue
        everything = torch.ones_like(parameter, dtype=torch.bool)
        masks = [subnet.get(name, everything) for subnet in subnets]
        if parameter.requires_grad and not all(bool(mask.all()) for mask in masks):
            masked[name] = SubnetWeights(parameter, masks)
    return masked
