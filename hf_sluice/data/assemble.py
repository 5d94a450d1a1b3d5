"""Sentences of all splits, checked and brought together as one corpus."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from datasets import ClassLabel, Dataset, Features, List, Value

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.layer_columns import layer_feature
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hf_sluice.data.sentence import Sentence

_OTHER_COLUMNS = ("tokens", "domain", "sent_id")


def assemble(
    splits: Mapping[str, Iterable[Sentence]],
    tasks: Sequence[Task],
    notes: Iterable[str] = (),
    *,
    domains: Sequence[str] = (),
) -> TaggingCorpus:
    """Builds the corpus in memory; nothing is cached on disk and no sentence is cut.

    Args:
        splits: per split its sentences, read once. Layers that no task names are left out.
        tasks: a classification task without labels gets the sorted set of the labels in split ``train`` (``O`` first
            where its scheme marks spans).
        notes: see :class:`TaggingCorpus`.
        domains: names of the first domain ids, whether they occur or not; by default, those that occur, sorted.

    Raises:
        DataError: a split without sentences, a sentence without words, an empty word, a layer of another length than
            the sentence, a label outside the task's set, a value that is no finite number.
        UserError: tasks that cannot be columns, or no ``train`` split to take labels from.
    """
    _check_task_names(tasks)
    read = {split: _read(split, sentences, tasks) for split, sentences in splits.items()}
    complete = with_label_sets(tasks, read.get("train"))
    occurring = {s.domain for sentences in read.values() for s in sentences if s.domain is not None}
    features = _features(complete, [*domains, *sorted(occurring - {*domains})])
    return TaggingCorpus(
        {split: _dataset(sentences, complete, features) for split, sentences in read.items()}, complete, notes
    )


def _check_task_names(tasks: Sequence[Task]) -> None:
    names = [task.name for task in tasks]
    for name in names:
        if name in _OTHER_COLUMNS:
            raise UserError(f"task {name!r}: the name is taken by a column of every corpus; choose another one")
        if names.count(name) > 1:
            raise UserError(f"task {name!r}: two tasks have this name; names should differ")


def _read(split: str, sentences: Iterable[Sentence], tasks: Sequence[Task]) -> list[Sentence]:
    read = []
    for sentence in sentences:
        _check_words(sentence)
        for task in tasks:
            _check_length(sentence, task)
        read.append(sentence)
    if not read:
        raise DataError(f"split {split!r}", None, "no sentences; at least one is needed")
    return read


def _check_words(sentence: Sentence) -> None:
    place = sentence.place
    if not sentence.tokens:
        raise DataError(place.path, place.line, f"sentence {sentence.sent_id!r} has no words; at least one is needed")
    for number, token in enumerate(sentence.tokens, start=1):
        if not token:
            raise DataError(place.path, place.line, f"word {number} of sentence {sentence.sent_id!r} is empty")


def _check_length(sentence: Sentence, task: Task) -> None:
    layer = sentence.layers.get(task.name)
    if layer is not None and len(layer) != len(sentence.tokens):
        raise DataError(
            sentence.place.path,
            sentence.place.line,
            f"task {task.name!r}: {len(layer)} labels for the {len(sentence.tokens)} words of "
            f"sentence {sentence.sent_id!r}",
        )


def _features(tasks: Sequence[Task], domains: list[str]) -> Features:
    columns: dict[str, Any] = {"tokens": List(Value("string"))}
    for task in tasks:
        columns[task.name] = layer_feature(task)
    columns["domain"] = ClassLabel(names=domains)
    columns["sent_id"] = Value("string")
    return Features(columns)


def _dataset(sentences: Sequence[Sentence], tasks: Sequence[Task], features: Features) -> Dataset:
    domain_ids = {name: i for i, name in enumerate(features["domain"].names)}
    columns: dict[str, list[Any]] = {"tokens": [list(s.tokens) for s in sentences]}
    for task in tasks:
        encode = _number if task.kind is TaskKind.REGRESSION else _label_encoder(task)
        columns[task.name] = [_encode_layer(s, task, encode) for s in sentences]
    columns["domain"] = [None if s.domain is None else domain_ids[s.domain] for s in sentences]
    columns["sent_id"] = [s.sent_id for s in sentences]
    # An Arrow table of our own: Dataset.from_generator would cache on disk under a key that ignores the contents.
    return Dataset(pa.Table.from_pydict(columns, schema=features.arrow_schema))


def _encode_layer(sentence: Sentence, task: Task, encode: Callable[[Any], float]) -> list[float | None] | None:
    layer = sentence.layers.get(task.name)
    if layer is None:
        return None
    encoded: list[float | None] = []
    for number, label in enumerate(layer, start=1):
        try:
            encoded.append(None if label is None else encode(label))
        except ValueError as error:
            raise DataError(
                sentence.place.path,
                sentence.place.line,
                f"task {task.name!r}: {error} (word {number}, {sentence.tokens[number - 1]!r})",
            ) from None
    return encoded


def _number(value: Any) -> float:
    if isinstance(value, str) or not isfinite(value):
        raise ValueError(f"{value!r} is not a finite number")
    return float(value)


def _label_encoder(task: Task) -> Callable[[Any], float]:
    ids = {label: i for i, label in enumerate(task.labels)}

    def encode(label: Any) -> float:
        if label not in ids:
            raise ValueError(f"label {label!r} is not one of {', '.join(task.labels)}")
        return ids[label]

    return encode
