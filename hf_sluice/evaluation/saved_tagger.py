"""Scores of a saved tagger on a corpus, which need not be the one that it was trained on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.errors import UserError
from hf_sluice.tasks import Task, TaskKind
from hf_sluice.training.encoded_split import UNLABELLED, encode_split
from hf_sluice.training.scoring import score_split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasets import Dataset

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.models.modeling_tagger import TaggerForTokenClassification
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.training.encoded_split import EncodedSplit


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a tagger came to.

    Args:
        rows: its scores per task and domain.
        tasks: the tasks that were scored, as the model knows them.
        notes: what was left out and why, one line each.
    """

    rows: list[ScoreRow]
    tasks: tuple[Task, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparableSplit:
    """A split whose labels are those of a model.

    Args:
        encoded: words, and labels as ids of the model.
        tasks: what both know, and the split has labels of.
        notes: what was left out and why, one line each.
    """

    encoded: EncodedSplit
    tasks: tuple[Task, ...]
    notes: tuple[str, ...]


def evaluate_tagger(
    model: TaggerForTokenClassification, tokenizer: TaggerTokenizer, corpus: TaggingCorpus, split: str
) -> Evaluation:
    """Scores the tasks that model and corpus have in common.

    Raises:
        UserError: see :func:`comparable_split`.
    """
    found = comparable_split(model, tokenizer, corpus, split)
    rows = score_split(model, found.encoded, found.tasks).compute() if found.tasks else []
    return Evaluation(rows, found.tasks, found.notes)


def comparable_split(
    model: TaggerForTokenClassification, tokenizer: TaggerTokenizer, corpus: TaggingCorpus, split: str
) -> ComparableSplit:
    """A split of a corpus as a model knows it.

    Labels are compared by name: the corpus may number them otherwise, and have fewer than the model.

    Raises:
        UserError: the corpus has no such split, no task of the model, a label that the model does not know, or a task
            of the same name that is of another kind or scheme.
    """
    if split not in corpus:
        raise UserError(f"split {split!r}: the corpus has none; it has {', '.join(corpus)}")
    of_model = model_tasks(model)
    of_corpus = {task.name: task for task in corpus.tasks}
    tasks = tuple(task for task in of_model if task.name in of_corpus)
    if not tasks:
        raise UserError(
            f"the data has none of the model's tasks: {', '.join(of_corpus)} instead of "
            f"{', '.join(task.name for task in of_model)}"
        )
    dataset = corpus[split]
    encoded = encode_split(dataset, tokenizer, tasks)
    labels = {task.name: _labels_of_model(task, of_corpus[task.name], encoded, dataset) for task in tasks}
    encoded = replace(encoded, labels=labels)
    carried = tuple(task for task in tasks if len(encoded.labelled_sentences(task.name)))
    return ComparableSplit(encoded, carried, tuple(_notes(of_model, of_corpus, carried, split)))


def model_tasks(model: TaggerForTokenClassification) -> tuple[Task, ...]:
    """The tasks of a model; what its configuration says of them beyond the fields of :class:`Task` is left out."""
    fields = Task.__dataclass_fields__
    return tuple(
        Task.from_dict({key: value for key, value in task.items() if key in fields}) for task in model.config.tasks
    )


def _labels_of_model(of_model: Task, of_corpus: Task, encoded: EncodedSplit, dataset: Dataset) -> np.ndarray:
    """The labels of a task, (N,), as ids of the model."""
    labels = encoded.labels[of_model.name]
    for field in ("kind", "scheme"):
        ours, theirs = getattr(of_model, field), getattr(of_corpus, field)
        if ours != theirs:
            raise UserError(f"task {of_model.name!r}: its {field} is {theirs} in the data and {ours} in the model")
    if of_model.kind is TaskKind.REGRESSION:
        return labels
    known = {label: number for number, label in enumerate(of_model.labels)}
    ids = np.array([known.get(label, UNLABELLED) for label in of_corpus.labels], dtype=np.int64)
    is_labelled = labels != UNLABELLED
    found = np.where(is_labelled, ids[labels * is_labelled], UNLABELLED)
    strange = np.flatnonzero(is_labelled & (found == UNLABELLED))
    if len(strange):
        sentence = int(np.searchsorted(encoded.words.offsets, strange[0], side="right")) - 1
        label = of_corpus.labels[labels[strange[0]]]
        raise UserError(
            f"task {of_model.name!r}: the model does not know label {label!r} (sentence "
            f"{dataset[sentence]['sent_id']!r}); it knows {', '.join(of_model.labels)}"
        )
    return found


def _notes(of_model: Sequence[Task], of_corpus: dict[str, Task], carried: Sequence[Task], split: str) -> list[str]:
    names = [task.name for task in of_model]
    missing = [name for name in names if name not in of_corpus]
    unlabelled = [name for name in names if name in of_corpus and name not in {task.name for task in carried}]
    unknown = [name for name in of_corpus if name not in names]
    return [
        *(f"task {name}: not in the data" for name in missing),
        *(f"task {name}: no label in split {split}" for name in unlabelled),
        *(f"task {name}: in the data, not in the model" for name in unknown),
    ]
