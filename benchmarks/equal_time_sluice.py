"""Our own training within a budget of CPU time."""

from __future__ import annotations

import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from accelerate import Accelerator
from prediction_models import three_tasks

from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.recipe import DataRecipe, load_recipe
from hf_sluice.training.building import build_model, build_tokenizer
from hf_sluice.training.recipe_corpus import choose_from_corpus
from hf_sluice.training.settings import EarlyStopping
from hf_sluice.training.trainer import MultiTaskTrainer

if TYPE_CHECKING:
    from equal_time_run import Marks

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.recipe import Recipe

_FEW_SENTENCES = 100
_PROBED = 0.1  # of the last mark


class _TimeIsUp(Exception):  # noqa: N818 - no error
    """Another epoch would be too much, or the last one is done."""


class _TimedTrainer(MultiTaskTrainer):
    """Ends, and takes scores, after the last epoch that ends within a budget; what evaluation takes does not count.

    The scores of each epoch are those of a few sentences, for no epoch is chosen by them.
    """

    limit: float
    begun: float
    ends: list[float]  # of epochs, in CPU seconds of training
    scores: dict[str, dict[str, float]]
    aside = 0.0

    def evaluate(self, split: str) -> list[ScoreRow]:
        started = time.process_time()
        self.ends.append(started - self.begun - self.aside)
        if len(self.ends) > self.settings.epochs or self.ends[-1] + self.last_epoch > self.limit:
            self.scores = {name: self._scores_of(name) for name in ("validation", "test")}
            raise _TimeIsUp
        rows = super().evaluate(split)
        self.aside += time.process_time() - started
        return rows

    def run(self, limit: float) -> Self:
        """Trains for so many CPU seconds."""
        self.ends, self.limit, self.begun = [0.0], limit, time.process_time()
        with suppress(_TimeIsUp):
            self.train(show_progress=False)
        return self

    @property
    def last_epoch(self) -> float:
        """CPU seconds of the latest epoch."""
        return self.ends[-1] - self.ends[-2]

    def _scores_of(self, split: str) -> dict[str, float]:
        rows = super().evaluate("development" if split == "validation" else split)
        return {task.name: main_score(rows, task).value or 0.0 for task in self.tasks}


def train(recipe_path: Path, corpus: TaggingCorpus, seed: int, marks: Marks) -> None:
    """Trains what a recipe describes anew for each mark, for its schedule ends with its last epoch.

    How many epochs fit is found by a first training, which is thrown away.
    """
    recipe = three_tasks(load_recipe(recipe_path))
    corpus = choose_from_corpus(corpus, DataRecipe(), recipe.tasks)
    with tempfile.TemporaryDirectory() as folder:
        probe = _trainer(recipe, corpus, seed, Path(folder) / "probe", recipe.training.epochs)
        seconds = probe.run(_PROBED * marks.seconds[-1]).last_epoch
        for number, limit in enumerate(marks.seconds):
            epochs = max(1, int(limit / seconds))
            trained = _trainer(recipe, corpus, seed, Path(folder) / str(number), epochs).run(limit)
            marks.reach(trained.ends[-1], len(trained.ends) - 1, trained.scores)


def _trainer(recipe: Recipe, corpus: TaggingCorpus, seed: int, folder: Path, epochs: int) -> _TimedTrainer:
    tokenizer = build_tokenizer(recipe.tokenizer, corpus, recipe.model.get("word_features", ()))
    tasks = corpus.tasks
    few = corpus["validation"].select(range(min(_FEW_SENTENCES, len(corpus["validation"]))))
    trainer = _TimedTrainer(
        build_model(recipe, tasks, tokenizer, seed),
        tokenizer,
        {**corpus, "validation": few, "development": corpus["validation"]},
        tasks,
        # No epoch is chosen.
        replace(recipe.training, epochs=epochs, early_stopping=EarlyStopping(tasks[0].name, None, "last")),
        folder,
        seed=seed,
        accelerator=Accelerator(cpu=True, mixed_precision=recipe.training.mixed_precision),
    )
    for split in ("development", "test"):
        trainer.split(split)
    return trainer
