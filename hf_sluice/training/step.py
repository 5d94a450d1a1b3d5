"""One optimisation step."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from transformers.utils import logging

from hf_sluice.training.batches import share_of_process
from hf_sluice.training.batches_ahead import BatchesAhead
from hf_sluice.training.cuda_graphs import CudaRecorder, RecordedGradients, graphs_obstacle
from hf_sluice.training.device_transfer import on_device
from hf_sluice.training.encoded_split import UNLABELLED
from hf_sluice.training.objectives.objective import StepLosses
from hf_sluice.training.optimization import learning_rate
from hf_sluice.training.word_dropout import make_word_dropout

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from torch import Tensor

    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.training.encoded_split import EncodedSplit
    from hf_sluice.training.objectives.objective import Objective
    from hf_sluice.training.processes import Processes
    from hf_sluice.training.progress import TrainingProgress
    from hf_sluice.training.sampling import Step
    from hf_sluice.training.settings import TrainingSettings
    from hf_sluice.training.step_optimizer import StepOptimizer


logger = logging.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class StepBatch:
    """What one process computes of a step's batch.

    Args:
        pieces: what the model is given, piece after piece; at least one.
        labelled: the tasks of which the batch, over all pieces and processes, has labels.
    """

    pieces: list[dict[str, Any]]
    labelled: list[str]


class StepTrainer:
    """Trains a model on one batch after the other.

    A step reads no value from the device, so that the program runs ahead of it. Exceptions: objectives that settle
    conflicts between gradients, which have to know where these meet, and models of sparse sharing in their first steps,
    when they look at their masks.

    Args:
        model: the tagger, prepared.
        optimizer: of the model and the objective.
        objective: makes gradients of losses.
        split: what the sentences of a step are numbers of.
        settings: how to train.
        processes: those that train the model.
        seed: of noise and of the words that are read as unknown ones.
    """

    def __init__(
        self,
        model: TaggerForTokenClassification,
        optimizer: StepOptimizer,
        objective: Objective,
        split: EncodedSplit,
        settings: TrainingSettings,
        processes: Processes,
        seed: int,
    ) -> None:
        self._model = model
        self._optimizer = optimizer
        self._objective = objective
        self._split = split
        self._settings = settings
        self._processes = processes
        self._seed = seed
        self._batches = BatchesAhead(self.batch, processes.device)
        self._recorded = self._make_recorded() if settings.cuda_graphs else None
        self._word_dropout = make_word_dropout(settings, split.words.word_ids, processes.device)
        self._penalty_weight: float = processes.unwrap_model(model).config.penalty_weight

    def train(self, step: Step, progress: TrainingProgress) -> None:
        """Makes one step, and takes note of it in ``progress``."""
        processes = self._processes
        rate = learning_rate(self._settings, progress.epoch, progress.step, progress.total_steps)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        batch = self._batches.of(step)
        noise = step_seed(self._seed, progress.step, processes.process_index)
        if self._word_dropout is not None:
            self._word_dropout.apply(batch.pieces, noise)
        if self._recorded is None:
            losses, penalty = self._add_gradients(batch.pieces, batch.labelled, noise)
        else:
            losses, penalty = self._recorded(batch.pieces[0], noise)
        if self._settings.max_grad_norm is not None:
            processes.clip_grad_norm_(self._model.parameters(), self._settings.max_grad_norm)
        self._optimizer.step(step.tasks)
        self._optimizer.zero_grad()
        self._objective.after_step(partial(self._losses_again, batch.pieces, noise))
        of_labelled = {task: losses[task] for task in batch.labelled}
        progress.add({**of_labelled, "penalty": penalty}, int(self._split.words.lengths[step.sentences].sum()))

    def expecting(self, steps: Sequence[Step]) -> AbstractContextManager[None]:
        """While the block runs, these steps are trained in this order: on a GPU, batches are made ahead of them."""
        return self._batches.expecting(steps)

    def batch(self, step: Step) -> StepBatch:
        """This process's share of a step's batch, with the labels of the step's tasks."""
        num_labels = {task: int(self._split.num_labelled(task, step.sentences).sum()) for task in step.tasks}
        # Processes average their gradients: dividing by the mean number of labels makes that the batch's gradient.
        num_items = {task: max(1, number) / self._processes.num_processes for task, number in num_labels.items()}
        pieces = [
            {**self.inputs(piece, step.tasks), "tasks": step.tasks, "num_items": num_items}
            for piece in self.pieces(step.sentences)
        ]
        return StepBatch(pieces, [task for task, number in num_labels.items() if number])

    def pieces(self, sentences: np.ndarray) -> list[np.ndarray]:
        """This process's share of a batch, in pieces that are computed one after the other; at least one."""
        share = share_of_process(sentences, self._processes.process_index, self._processes.num_processes)
        size = self._settings.micro_batch_size or max(1, len(share))
        return [share[start : start + size] for start in range(0, max(1, len(share)), size)]

    def inputs(self, sentences: np.ndarray, tasks: Sequence[str]) -> dict[str, Any]:
        """What the model is given, with labels of some tasks, on this process's device."""
        # Every process has to take part in a step: where there is nothing for it, in the name of the first sentence.
        inputs = self._split.batch(sentences if len(sentences) else np.zeros(1, dtype=np.int64), tasks)
        if not len(sentences):
            inputs["labels"] = {task: torch.full_like(v, UNLABELLED) for task, v in inputs["labels"].items()}
        device = self._processes.device
        labels = {task: on_device(value, device) for task, value in inputs.pop("labels").items()}
        return {**{name: on_device(value, device) for name, value in inputs.items()}, "labels": labels}

    def _make_recorded(self) -> RecordedGradients | None:
        obstacle = graphs_obstacle(self._settings, self._processes)
        if obstacle is not None:
            logger.warning(f"training.cuda_graphs: none, for {obstacle}")
            return None
        recorder = CudaRecorder(self._processes.device)
        return RecordedGradients(self.gradients, list(self._model.parameters()), recorder)

    def gradients(self, inputs: dict[str, Any]) -> tuple[dict[str, Tensor], Tensor]:
        """Losses and penalty of a batch in one piece, whose gradient is left in the parameters' ``grad``."""
        output = self._model(**inputs)
        weighted = self._penalty_weight * output.penalty
        self._objective.backward(StepLosses(output.losses, weighted, inputs["tasks"]))
        return {task: loss.detach() for task, loss in output.losses.items()}, output.penalty.detach()

    def _add_gradients(
        self, pieces: Sequence[dict[str, Any]], labelled: Sequence[str], noise: int
    ) -> tuple[dict[str, Tensor], Tensor]:
        """Losses and penalty of a batch, whose gradient is left in the parameters' ``grad``."""
        share = 1 / len(pieces)
        losses = []
        torch.manual_seed(noise)
        for number, inputs in enumerate(pieces, start=1):
            waits = number < len(pieces)
            with self._processes.no_sync(self._model) if waits else nullcontext():
                output = self._model(**inputs)
                weighted = share * self._penalty_weight * output.penalty
                self._objective.backward(StepLosses(output.losses, weighted, labelled, share))
            losses.append({task: loss.detach() for task, loss in output.losses.items()})
        for parameter in self._objective.parameters():  # of which only this process's gradients are known
            if parameter.grad is not None:
                parameter.grad = self._processes.reduce(parameter.grad, "mean")
        return _added_up(losses), output.penalty.detach()

    @torch.no_grad()
    def _losses_again(self, pieces: Sequence[dict[str, Any]], noise: int) -> dict[str, Tensor]:
        """The losses of the model as it is now, under the noise of the step."""
        torch.manual_seed(noise)
        return _added_up([self._model(**inputs).losses for inputs in pieces])


def _added_up(losses: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Those of a batch, from those of its pieces."""
    first, *others = losses
    return {task: sum((piece[task] for piece in others), start=loss) for task, loss in first.items()}


def step_seed(seed: int, step: int, process: int) -> int:
    """A seed of its own for every step and process."""
    return int(np.random.SeedSequence((seed, step, process)).generate_state(1, np.uint64)[0])
