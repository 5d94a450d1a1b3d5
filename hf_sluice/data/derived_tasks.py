"""Tasks made out of another one: perfect and useless auxiliary tasks (Ruder et al. 2019, "A synthetic experiment").

Shape letters: B sentences, N words, L labels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import read_column, with_columns
from hf_sluice.data.sampling import random_generator
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task, TaskKind

DerivedLabels = Literal["copy", "random"]


def add_derived_task(
    corpus: TaggingCorpus, name: str, source: str, labels: DerivedLabels, seed: int = 0
) -> TaggingCorpus:
    """Adds a task that has a label wherever another task has one.

    Args:
        corpus: the corpus.
        name: of the new task.
        source: a task of the corpus.
        labels: ``copy`` gives each word the label (or number) of the source. ``random`` draws one of the source's label
            set for each word, all being equally likely; as such labels mark no spans, the task has no tagging scheme
            and is judged by accuracy.
        seed: of the draws, which depend besides on name, split and the corpus's words alone.

    Raises:
        UserError: no such source, a name that is taken, or random labels for a regression task.
    """
    of_source = next((task for task in corpus.tasks if task.name == source), None)
    if of_source is None:
        known = ", ".join(task.name for task in corpus.tasks)
        raise UserError(f"derived task {name!r}: there is no task {source!r} to derive it from; there is {known}")
    if name in next(iter(corpus.values())).column_names:
        raise UserError(f"derived task {name!r}: the name is taken by a column of the corpus; choose another one")
    if labels == "copy":
        task, note = replace(of_source, name=name, weight=1.0), f"{name}: the labels of {source}"
    else:
        task, note = _random_task(of_source, name), f"{name}: random labels of those of {source}, sampling seed {seed}"
    splits = {}
    for split, data in corpus.items():
        layer_B = read_column(data, source)
        if labels == "random":
            layer_B = _relabelled(layer_B, len(task.labels), random_generator(seed, name, split))
        splits[split] = with_columns(data, {name: layer_B}, {name: data.features[source]})
    return TaggingCorpus(splits, (*corpus.tasks, task), (*corpus.notes, note))


def _random_task(source: Task, name: str) -> Task:
    if source.kind is TaskKind.REGRESSION:
        raise UserError(f"derived task {name!r}: {source.name!r} is a regression task; only labels can be random")
    return Task(name, source.labels)


def _relabelled(layer_B: pa.Array, num_labels: int, generator: np.random.Generator) -> pa.Array:
    """The layer with each label replaced by a random one; words and sentences without stay without."""
    lengths_B = pc.fill_null(pc.list_value_length(layer_B), 0).to_numpy(zero_copy_only=False)
    old_N = pc.list_flatten(layer_B)
    is_unlabelled_N = old_N.is_null().to_numpy(zero_copy_only=False)
    new_N = pa.array(generator.integers(num_labels, size=len(old_N)), type=old_N.type, mask=is_unlabelled_N)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths_B)]), type=pa.int32())
    return pa.ListArray.from_arrays(offsets, new_N, mask=layer_B.is_null())
