"""One optimisation step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hf_sluice.training.batches import share_of_process
from hf_sluice.training.encoded_split import UNLABELLED
from hf_sluice.training.objectives.objective import StepLosses
from hf_sluice.training.optimization import learning_rate

if TYPE_CHECKING:
    from accelerate import Accelerator
    from torch import Tensor

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.training.encoded_split import EncodedSplit
    from hf_sluice.training.objectives.objective import Objective
    from hf_sluice.training.progress import TrainingProgress
    from hf_sluice.training.sampling import Step
    from hf_sluice.training.settings import TrainingSettings


class StepTrainer:
    """Trains a model on one batch after the other.

    Args:
        model: the tagger, prepared.
        optimizer: of the model and the objective, prepared.
        objective: makes gradients of losses.
        split: what the sentences of a step are numbers of.
        settings: how to train.
        accelerator: connects the processes.
        seed: of noise.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        optimizer: torch.optim.Optimizer,
        objective: Objective,
        split: EncodedSplit,
        settings: TrainingSettings,
        accelerator: Accelerator,
        seed: int,
    ) -> None:
        self._model = model
        self._optimizer = optimizer
        self._objective = objective
        self._split = split
        self._settings = settings
        self._accelerator = accelerator
        self._seed = seed
        self._penalty_weight: float = accelerator.unwrap_model(model).config.penalty_weight

    def train(self, step: Step, progress: TrainingProgress) -> None:
        """Makes one step, and takes note of it in ``progress``."""
        accelerator = self._accelerator
        rate = learning_rate(self._settings, progress.epoch, progress.step)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        num_labels = {task: int(self._split.num_labelled(task, step.sentences).sum()) for task in step.tasks}
        # Processes average their gradients: dividing by the mean number of labels makes that the batch's gradient.
        num_items = {task: max(1, number) / accelerator.num_processes for task, number in num_labels.items()}
        inputs = {**self.inputs(step), "tasks": step.tasks, "num_items": num_items}
        noise = _step_seed(self._seed, progress.step, accelerator.process_index)
        losses, penalty = self._losses(inputs, noise)
        labelled = [task for task, number in num_labels.items() if number]
        self._objective.backward(StepLosses(losses, self._penalty_weight * penalty, labelled))
        if self._settings.max_grad_norm is not None:
            accelerator.clip_grad_norm_(self._model.parameters(), self._settings.max_grad_norm)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._objective.after_step(partial(self._losses_again, inputs, noise))
        of_labelled = {task: losses[task] for task in labelled}
        progress.add({**of_labelled, "penalty": penalty}, int(self._split.words.lengths[step.sentences].sum()))

    def inputs(self, step: Step) -> dict[str, Any]:
        """This process's share of a batch, on its device."""
        accelerator = self._accelerator
        share = share_of_process(step.sentences, accelerator.process_index, accelerator.num_processes)
        inputs = self._split.batch(share if len(share) else step.sentences[:1], step.tasks)
        if not len(share):
            # Every process has to take part in the step; this one without labels.
            inputs["labels"] = {task: torch.full_like(v, UNLABELLED) for task, v in inputs["labels"].items()}
        labels = {task: value.to(accelerator.device) for task, value in inputs.pop("labels").items()}
        return {**{name: value.to(accelerator.device) for name, value in inputs.items()}, "labels": labels}

    def _losses(self, inputs: dict[str, Any], noise: int) -> tuple[dict[str, Tensor], Tensor]:
        """Losses and penalty; noise is a function of its seed."""
        torch.manual_seed(noise)
        output = self._model(**inputs)
        return output.losses, output.penalty

    @torch.no_grad()
    def _losses_again(self, inputs: dict[str, Any], noise: int) -> dict[str, Tensor]:
        """The losses of the model as it is now, under the noise of the step."""
        return self._losses(inputs, noise)[0]


def _step_seed(seed: int, step: int, process: int) -> int:
    """A seed of its own for every step and process."""
    return int(np.random.SeedSequence((seed, step, process)).generate_state(1, np.uint64)[0])
