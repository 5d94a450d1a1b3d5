"""Our own training within a budget of CPU time."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from accelerate import Accelerator
from prediction_models import TASKS, three_tasks

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
    from hf_sluice.training.settings import TrainingSettings

_MANY_EPOCHS = 10**6
_FEW_SENTENCES = 100


class _TimeIsUp(Exception):  # noqa: N818 - no error
    """The last mark has been reached."""


class _BudgetedTrainer(MultiTaskTrainer):
    """Takes scores after the last epoch that ends before a mark; what that takes does not count.

    The scores of each epoch are those of a few sentences, for no epoch is chosen by them.
    """

    marks: Marks
    begun: float
    aside = 0.0
    before = 0.0
    epochs = 0

    def evaluate(self, split: str) -> list[ScoreRow]:
        started = time.process_time()
        used = started - self.begun - self.aside
        self.epochs += 1
        longest, self.before = used - self.before, used
        while self.marks.next is not None and used + longest > self.marks.next:
            scores = {name: self._scores_of(name) for name in ("validation", "test")}
            self.marks.reach(used, self.epochs, scores)
        if self.marks.next is None:
            raise _TimeIsUp
        rows = super().evaluate(split)
        self.aside += time.process_time() - started
        return rows

    def _scores_of(self, split: str) -> dict[str, float]:
        rows = super().evaluate("development" if split == "validation" else split)
        return {task.name: main_score(rows, task).value or 0.0 for task in self.tasks}


def train(recipe_path: Path, corpus: TaggingCorpus, seed: int, marks: Marks) -> None:
    """Trains what a recipe describes until the last mark."""
    recipe = three_tasks(load_recipe(recipe_path))
    corpus = choose_from_corpus(corpus, DataRecipe(), recipe.tasks)
    tokenizer, tasks = build_tokenizer(recipe.tokenizer, corpus), corpus.tasks
    few = corpus["validation"].select(range(min(_FEW_SENTENCES, len(corpus["validation"]))))
    splits = {**corpus, "validation": few, "development": corpus["validation"]}
    with tempfile.TemporaryDirectory() as folder:
        trainer = _BudgetedTrainer(
            build_model(recipe, tasks, tokenizer, seed),
            tokenizer,
            splits,
            tasks,
            _without_end(recipe.training),
            Path(folder),
            seed=seed,
            accelerator=Accelerator(cpu=True, mixed_precision=recipe.training.mixed_precision),
        )
        for split in ("development", "test"):
            trainer.split(split)
        trainer.marks, trainer.begun = marks, time.process_time()
        try:
            trainer.train(show_progress=False)
        except _TimeIsUp:
            return


def _without_end(settings: TrainingSettings) -> TrainingSettings:
    """No epoch is the last one but by the clock, and none is chosen."""
    return replace(settings, epochs=_MANY_EPOCHS, early_stopping=EarlyStopping(TASKS[0], None, "last"))
