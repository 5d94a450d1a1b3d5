"""A task's spans in another tagging scheme, for a recipe that wants another one than the corpus has.

Sequences that the source's scheme does not allow are put right on the way. They are read as the scores read them, as
``conlleval`` does, so a task has the same spans and the same scores in every scheme. A word that is not annotated lies
outside of every span, there too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import layer_feature, read_column, with_columns
from hf_sluice.errors import UserError
from hf_sluice.tagging import OUTSIDE, SPAN_SCHEMES, is_valid, label_set, labels_of, spans_of, split_label
from hf_sluice.tasks import TaggingScheme, Task

if TYPE_CHECKING:
    from collections.abc import Sequence


def convert_scheme(corpus: TaggingCorpus, name: str, scheme: str) -> TaggingCorpus:
    """Writes a task's labels in a scheme; its own one is allowed, and puts malformed sequences right.

    The new label set has all prefixes of the scheme for all types of the old one, whether they occur or not.

    Args:
        corpus: the corpus.
        name: a task of the corpus.
        scheme: ``IOB1``, ``IOB2`` or ``BIOES``.

    Raises:
        UserError: no such task, one whose labels mark no spans, or another scheme.
    """
    source = next((task for task in corpus.tasks if task.name == name), None)
    if source is None:
        raise UserError(f"scheme: there is no task {name!r}; there is {', '.join(task.name for task in corpus.tasks)}")
    if scheme not in SPAN_SCHEMES:
        raise UserError(f"task {name!r}: scheme {scheme!r} is not one of {', '.join(SPAN_SCHEMES)}")
    if source.scheme is TaggingScheme.NONE:
        raise UserError(f"task {name!r}: its labels mark no spans that could be written in the scheme {scheme}")
    types = {split_label(label, source.scheme)[1] for label in source.labels} - {""}
    target = replace(source, scheme=TaggingScheme(scheme), labels=label_set(types, TaggingScheme(scheme)))
    splits, malformed = {}, 0
    for split, data in corpus.items():
        layer_B, found = _converted(read_column(data, name), source, target)
        splits[split] = with_columns(data, {name: layer_B}, {name: layer_feature(target)})
        malformed += found
    note = f"{name}: {source.scheme} converted to {target.scheme}, {malformed:,} malformed sentences repaired"
    tasks = [target if task.name == name else task for task in corpus.tasks]
    return TaggingCorpus(splits, tasks, (*corpus.notes, note))


def _converted(layer_B: pa.Array, source: Task, target: Task) -> tuple[pa.Array, int]:
    """The layer in the target's labels, and how many of its sentences were malformed."""
    ids = {label: i for i, label in enumerate(target.labels)}
    converted: list[list[int | None] | None] = []
    malformed = 0
    for old_ids in layer_B.to_pylist():
        if old_ids is None:
            converted.append(None)
            continue
        labels = _labels(old_ids, source)
        malformed += not is_valid(labels, source.scheme)
        new = labels_of(spans_of(labels, source.scheme), len(labels), target.scheme)
        converted.append([None if old is None else ids[label] for old, label in zip(old_ids, new, strict=True)])
    return pa.array(converted, type=layer_B.type), malformed


def _labels(ids: Sequence[int | None], task: Task) -> list[str]:
    return [OUTSIDE if number is None else task.labels[number] for number in ids]
