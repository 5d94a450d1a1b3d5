"""Tasks made out of another one: auxiliary tasks of which it is known beforehand what they are good for.

Copies are perfect and random labels useless (Ruder et al. 2019, "A synthetic experiment"), positions are hardly related
to anything (Sun et al. 2020, "About Negative Transfer").

Shape letters: B sentences, N words, L labels.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.layer_columns import layer_feature, layer_lengths, read_column, with_columns, with_values
from hf_sluice.data.sampling import random_generator
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

DerivedLabels = Literal["copy", "position", "random"]


def add_derived_task(
    corpus: TaggingCorpus, name: str, source: str, labels: DerivedLabels, seed: int = 0
) -> TaggingCorpus:
    """Adds a task that has a label wherever another task has one.

    Args:
        corpus: the corpus.
        name: of the new task.
        source: a task of the corpus.
        labels: ``copy`` gives each word the label (or number) of the source. ``random`` draws one of the source's label
            set for each word, all being equally likely. ``position`` numbers the words of a sentence from 1;
            there is a label for each position of the longest sentence that has the source's layer, of whatever split.
            Random labels and positions mark no spans: such a task has no tagging scheme and is judged by accuracy.
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
    layers = {split: read_column(data, source) for split, data in corpus.items()}
    if labels == "copy":
        task, note = replace(of_source, name=name, weight=1.0), f"the labels of {source}"
    elif labels == "random":
        task, note = _random_task(of_source, name), f"random labels of those of {source}, sampling seed {seed}"
        layers = {
            split: _relabelled(layer_B, len(task.labels), random_generator(seed, name, split))
            for split, layer_B in layers.items()
        }
    else:
        task, note = _position_task(layers.values(), name), f"the position of each word that has a label of {source}"
        layers = {split: _positions(layer_B) for split, layer_B in layers.items()}
    feature = layer_feature(task)
    splits = {split: with_columns(data, {name: layers[split]}, {name: feature}) for split, data in corpus.items()}
    return TaggingCorpus(splits, (*corpus.tasks, task), (*corpus.notes, f"{name}: {note}"))


def _random_task(source: Task, name: str) -> Task:
    if source.kind is TaskKind.REGRESSION:
        raise UserError(f"derived task {name!r}: {source.name!r} is a regression task; only labels can be random")
    return Task(name, source.labels)


def _relabelled(layer_B: pa.Array, num_labels: int, generator: np.random.Generator) -> pa.Array:
    """The layer with each label replaced by a random one; words and sentences without stay without."""
    old_N = pc.list_flatten(layer_B)
    drawn_N = generator.integers(num_labels, size=len(old_N))
    return with_values(layer_B, pa.array(drawn_N, type=old_N.type, mask=_is_missing(old_N)))


def _position_task(layers: Iterable[pa.Array], name: str) -> Task:
    longest = max(int(layer_lengths(layer_B).max(initial=0)) for layer_B in layers)
    return Task(name, tuple(str(position) for position in range(1, longest + 1)))


def _positions(layer_B: pa.Array) -> pa.Array:
    """The layer with each label replaced by the id of its word's position; what is unlabelled stays so."""
    lengths_B = layer_lengths(layer_B)
    starts_B = np.cumsum(lengths_B) - lengths_B
    position_N = np.arange(lengths_B.sum()) - np.repeat(starts_B, lengths_B)
    return with_values(layer_B, pa.array(position_N, type=pa.int64(), mask=_is_missing(pc.list_flatten(layer_B))))


def _is_missing(values_N: pa.Array) -> NDArray[np.bool_]:
    return values_N.is_null().to_numpy(zero_copy_only=False)
