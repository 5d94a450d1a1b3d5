"""spaCy's training within a budget of CPU time, as ``spacy train`` does it."""

from __future__ import annotations

import random
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from spacy_labels import ids_of
from spacy_pipeline import initialize, make_examples, make_pipeline, tag

from hf_sluice.evaluation.evaluator import ScoreBoard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from equal_time_run import Marks

    from hf_sluice.data.corpus import TaggingCorpus


def train(_recipe: Path, corpus: TaggingCorpus, seed: int, marks: Marks) -> None:
    """Trains a pipeline until the last mark, by the settings of ``spacy init config``: batches that grow, dropout."""
    from spacy.schemas import ConfigSchemaTraining
    from spacy.util import registry

    pipeline = make_pipeline(seed)
    rows = corpus["train"][:]
    examples = make_examples(
        pipeline, corpus.tasks, rows["tokens"], {task.name: rows[task.name] for task in corpus.tasks}
    )
    optimizer = initialize(pipeline, examples, corpus.tasks)
    settings = registry.resolve(pipeline.config.interpolate()["training"], schema=ConfigSchemaTraining)
    random.seed(seed)
    begun, aside, seen = time.process_time(), 0.0, 0
    for batch in _batches(examples, settings["batcher"]):
        pipeline.update(batch, drop=settings["dropout"], sgd=optimizer)
        optimizer.step_schedules()
        seen += len(batch)
        stopped = time.process_time()
        used = stopped - begun - aside
        while marks.next is not None and used >= marks.next:
            with pipeline.use_params(optimizer.averages) if optimizer.averages else nullcontext():
                scores = {split: _scores(pipeline, corpus, split) for split in ("validation", "test")}
            marks.reach(used, seen / len(examples), scores)
        if marks.next is None:
            return
        aside += time.process_time() - stopped


def _batches(examples: list[Any], batcher: Any) -> Iterator[Sequence[Any]]:
    while True:
        random.shuffle(examples)
        yield from batcher(examples)


def _scores(pipeline: Any, corpus: TaggingCorpus, split: str) -> dict[str, float]:
    rows = corpus[split][:]
    predicted = [ids_of(corpus.tasks, labels) for labels in tag(pipeline, rows["tokens"])]
    board = ScoreBoard(corpus.tasks)
    for task in corpus.tasks:
        board.update(task.name, [labels[task.name] for labels in predicted], rows[task.name])
    return {name: value or 0.0 for name, value in board.main_scores().items()}
