"""Several corpora as one, in which each sentence carries the tasks of the corpus it comes from.

Shape letters: B sentences, L labels, D domains.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
from datasets import ClassLabel, Dataset, Features, List, Value

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import layer_feature, read_column, with_values
from hf_sluice.errors import UserError
from hf_sluice.tasks import TaggingScheme, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def unite(parts: Mapping[str, TaggingCorpus]) -> TaggingCorpus:
    """Puts the sentences of some corpora one after the other, split by split.

    Sentence ids become ``<part>/<id>`` and domains ``<part>/<domain>``; sentences without a domain get ``<part>``. A
    task of several parts has the label set of the first where they agree, else the labels of all.

    Args:
        parts: at least one corpus, by name; one that lacks a split adds nothing to it.

    Raises:
        UserError: a task that differs between parts in more than its label set.
    """
    names = dict.fromkeys(task.name for corpus in parts.values() for task in corpus.tasks)
    tasks = tuple(_united(_tasks_named(name, parts)) for name in names)
    features = _features(tasks, [domain for name, corpus in parts.items() for domain in _domains(name, corpus)])
    splits = {
        split: pa.concat_tables(
            _table(name, corpus, split, tasks, features) for name, corpus in parts.items() if split in corpus
        )
        for split in dict.fromkeys(split for corpus in parts.values() for split in corpus)
    }
    datasets = {split: Dataset(table.combine_chunks()) for split, table in splits.items()}
    return TaggingCorpus(datasets, tasks, _notes(parts, tasks))


def _tasks_named(name: str, parts: Mapping[str, TaggingCorpus]) -> dict[str, Task]:
    """The task of this name in each part that has it."""
    return {part: task for part, corpus in parts.items() for task in corpus.tasks if task.name == name}


def _united(tasks: Mapping[str, Task]) -> Task:
    (first_part, first), *others = tasks.items()
    for part, task in others:
        for field in (field.name for field in fields(Task) if field.name != "labels"):
            one, other = getattr(first, field), getattr(task, field)
            if one != other:
                raise UserError(f"task {first.name!r}: its {field} is {one} in {first_part!r}, but {other} in {part!r}")
    if all(task.labels == first.labels for _, task in others):
        return first
    labels = {label for task in tasks.values() for label in task.labels}
    outside = () if first.scheme is TaggingScheme.NONE else ("O",)
    return replace(first, labels=(*outside, *sorted(labels.difference(outside))))


def _domains(part: str, corpus: TaggingCorpus) -> list[str]:
    """The domains of a part, last the one of its sentences that have none, if there are any."""
    some_have_none = any(read_column(data, "domain").null_count for data in corpus.values())
    return [f"{part}/{domain}" for domain in corpus.domains] + [part] * some_have_none


def _features(tasks: Sequence[Task], domains: Sequence[str]) -> Features:
    layers: dict[str, Any] = {task.name: layer_feature(task) for task in tasks}
    others = {"domain": ClassLabel(names=list(domains)), "sent_id": Value("string")}
    return Features({"tokens": List(Value("string")), **layers, **others})


def _table(part: str, corpus: TaggingCorpus, split: str, tasks: Sequence[Task], features: Features) -> pa.Table:
    """The sentences of one split of a part, in the columns of the union."""
    data, schema = corpus[split], features.arrow_schema
    own = {task.name: task for task in corpus.tasks}
    domain_B = pc.fill_null(read_column(data, "domain"), len(corpus.domains))
    domain_ids_D = pa.array(map(features["domain"].str2int, _domains(part, corpus)), type=pa.int64())
    columns = {
        "tokens": read_column(data, "tokens"),
        "domain": domain_ids_D.take(domain_B),
        "sent_id": pc.binary_join_element_wise(part, read_column(data, "sent_id"), "/"),
    }
    for task in tasks:
        if task.name in own:
            columns[task.name] = _in_labels_of(task, own[task.name], read_column(data, task.name))
        else:
            columns[task.name] = pa.nulls(len(data), type=schema.field(task.name).type)
    return pa.Table.from_arrays([columns[name] for name in schema.names], schema=schema)


def _in_labels_of(united: Task, own: Task, layer_B: pa.Array) -> pa.Array:
    """The layer with the ids that its labels have in the union."""
    if united.labels == own.labels:
        return layer_B
    ids_L = pa.array(map(united.labels.index, own.labels), type=pa.int64())
    return with_values(layer_B, ids_L.take(pc.list_flatten(layer_B)))


def _notes(parts: Mapping[str, TaggingCorpus], tasks: Sequence[Task]) -> Iterator[str]:
    for part, corpus in parts.items():
        yield from (f"{part}: {note}" for note in corpus.notes)
    for united in tasks:
        own = _tasks_named(united.name, parts)
        if any(task.labels != united.labels for task in own.values()):
            yield f"{united.name}: the label sets of {', '.join(own)} differ; it has the labels of all"
