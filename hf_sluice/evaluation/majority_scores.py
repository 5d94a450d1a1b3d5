"""Scores of the majority baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.evaluator import ScoreBoard, ScoreRow
from hf_sluice.evaluation.majority import MajorityTagger

if TYPE_CHECKING:
    from hf_sluice.data.corpus import TaggingCorpus


def majority_scores(corpus: TaggingCorpus, split: str) -> list[ScoreRow]:
    """Scores per task and domain of the tagger that gives each word its most frequent label of the training split."""
    tagger = MajorityTagger.fit(corpus["train"], corpus.tasks)
    dataset = corpus[split]
    names = dataset.features["domain"].names
    domains = [None if d is None else names[d] for d in dataset["domain"][:]]
    board = ScoreBoard(corpus.tasks, sorted({d for d in domains if d is not None}))
    predicted = [tagger.predict(tokens) for tokens in dataset["tokens"][:]]
    for task in corpus.tasks:
        ids: dict[str | float, float] = {label: i for i, label in enumerate(task.labels)}
        values = [[float(ids.get(value, value)) for value in sentence[task.name]] for sentence in predicted]
        board.update(task.name, values, dataset[task.name][:], domains)
    return board.compute()
