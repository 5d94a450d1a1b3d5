"""What the rounds of a search have in common: sentences, tokenizer, network."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.training.building import build_model, build_tokenizer
from hf_sluice.training.encoded_split import check_labels, encode_split
from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.pruning.search_recipe import mask_settings, search_recipe
from hf_sluice.training.sampling import make_planner, total_steps
from hf_sluice.training.scoring import score_split
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch
    from torch import Tensor

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.recipe import Recipe
    from hf_sluice.tasks import Task
    from hf_sluice.training.encoded_split import EncodedSplit
    from hf_sluice.training.settings import TrainingSettings
    from hf_sluice.training.step_optimizer import StepOptimizer


class Workbench:
    """Where a search trains.

    Args:
        recipe: of the search.
        corpus: its sentences.
        device: where to compute.
    """

    def __init__(self, recipe: Recipe, corpus: TaggingCorpus, device: torch.device | str = "cpu") -> None:
        self.recipe = recipe
        self.masks = mask_settings(recipe)
        self.tasks = {task.name: task for task in corpus.tasks if task.name in recipe.task_names}
        self._corpus = corpus
        self._processes = OneProcess(device)
        self._tokenizer = build_tokenizer(recipe.tokenizer, corpus, recipe.model.get("word_features", ()))
        self._splits: dict[str, EncodedSplit] = {}
        model = build_model(recipe, self.tasks.values(), self._tokenizer, recipe.seed)
        assert isinstance(model, SparseSharingForTokenClassification)  # noqa: S101
        self.model = model.to(device)  # type: ignore[arg-type]

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each masked parameter, by its name in the model without heads."""
        return self.model.config.masked_shapes()

    def split(self, name: str) -> EncodedSplit:
        """A split, encoded when it is asked for first."""
        if name not in self._splits:
            self._splits[name] = encode_split(self._corpus[name], self._tokenizer, list(self.tasks.values()))
        return self._splits[name]

    def check_labels(self) -> None:
        """Sees to it that each task can be trained and scored.

        Raises:
            UserError: a split has no label of a task.
        """
        for split in ("train", "validation"):
            check_labels(self.split(split), split, list(self.tasks))

    def training_settings(self, **changes: Any) -> TrainingSettings:
        """What the search reads of the recipe's, with changes."""
        return replace(search_recipe(self.recipe).training, **changes)

    def rewind(self, start: Mapping[str, Tensor], masks: Mapping[str, Mapping[str, Tensor]]) -> None:
        """Puts the model back to where all rounds begin, under other masks."""
        self.model.load_state_dict(start)
        self.model.set_masks(masks)

    def stepper(
        self, model: Any, tasks: Sequence[str], settings: TrainingSettings, seed: int
    ) -> tuple[StepTrainer, StepOptimizer]:
        """What trains a model on some tasks, and its optimiser."""
        objective = FixedWeights([self.tasks[task] for task in tasks], self._processes)
        optimizer = make_step_optimizer(model, tasks, settings)
        stepper = StepTrainer(model, optimizer, objective, self.split("train"), settings, self._processes, seed)
        return stepper, optimizer

    def train(self, model: Any, task: str, seed: int) -> float:
        """Trains a model on one task for the epochs of a round; the mean loss of the last one."""
        settings = self.training_settings(step="per_task", epochs=self.masks.epochs)
        planner = make_planner(self.split("train"), [task], settings, seed)
        stepper, _ = self.stepper(model, [task], settings, seed)
        progress, loss = TrainingProgress(total_steps=total_steps(planner, settings)), 0.0
        model.train()
        for epoch in range(settings.epochs):
            for step in planner.epoch(epoch):
                stepper.train(step, progress)
            loss = progress.mean_losses()[task]
            progress.next_epoch()
        return loss

    def score(self, task: str) -> tuple[float, float | None]:
        """The model's development score of a task: larger being better, and as the metric gives it."""
        board = score_split(self.model, self.split("validation"), [self.tasks[task]])
        value = main_score(board.compute(), self.tasks[task]).value
        return development_score(self.tasks[task], value), value


def development_score(task: Task, value: float | None) -> float:
    """A score that is larger where it is better; 0 where nothing speaks for one, -inf where training diverged."""
    if value is not None and math.isnan(value):
        return -math.inf
    return (value or 0.0) * (1 if task.metric.larger_is_better else -1)


def seed_of(seed: int, task: str, number: int) -> int:
    """A seed of its own for every round of every task, of which the search of others knows nothing."""
    parts = (seed, number, *task.encode())
    return int(np.random.SeedSequence(parts).generate_state(1, np.uint32)[0])
