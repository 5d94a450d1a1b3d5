"""Labels of a corpus as spaCy takes them, and spaCy's as a corpus has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.tagging import convert, repair
from hf_sluice.tasks import TaggingScheme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.tasks import Task

POS, CHUNK, NER = "pos", "chunk", "ner"


def texts_of(task: Task, ids: Sequence[int | None] | None, length: int) -> list[str]:
    """The labels of a sentence; an empty text, which spaCy takes for a missing one, where there is none."""
    return ["" if label is None else task.labels[label] for label in ids or [None] * length]


def entities_of(task: Task, labels: Sequence[str]) -> list[str | None]:
    """The entities of a sentence in IOB2; None, which is a missing one to spaCy, where there is no label."""
    iob2 = convert(repair([label or "O" for label in labels], task.scheme), task.scheme, TaggingScheme.IOB2)
    return [text if label else None for text, label in zip(iob2, labels, strict=True)]


def ids_of(tasks: Sequence[Task], labels: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Label ids of a sentence from what :func:`spacy_pipeline.tag` gave for it."""
    found = {}
    for task in tasks:
        texts = labels[task.name]
        if task.name == NER:
            texts = convert(repair(texts, TaggingScheme.IOB2), TaggingScheme.IOB2, task.scheme)
        found[task.name] = [task.labels.index(text) for text in texts]
    return found
