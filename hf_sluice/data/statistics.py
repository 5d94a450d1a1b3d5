"""What a corpus holds, counted: per split and domain its sentences, words, labels, gaps and unknown words.

Shape letters: B sentences, N words of a split.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.data.word_arrays import layer_arrays, word_arrays
from hf_sluice.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datasets import Dataset
    from numpy.typing import NDArray

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.word_arrays import LayerArrays
    from hf_sluice.tasks import Task


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """The annotation of one task in one group of sentences.

    Args:
        task: its name.
        sentences_without: sentences that lack the layer.
        words: words that have a label (or number).
        labels: how often each label of the task's set occurs, in the set's order; empty for regression.
        entropy: of the labels, in bits per word; None for regression and where no word has a label.
        mean: of the numbers; None for classification and where there is no number.
        standard_deviation: of the numbers, with N in the denominator; None as for ``mean``.
    """

    task: str
    sentences_without: int
    words: int
    labels: dict[str, int]
    entropy: float | None = None
    mean: float | None = None
    standard_deviation: float | None = None


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """The sentences of one split and domain.

    Args:
        split: the split.
        domain: the domain, None for all sentences of the split (also those without a domain).
        sentences: how many.
        words: how many, repetitions and punctuation included.
        types: how many different words, lower-cased.
        unknown_words: how many of ``words`` do not occur in the split ``train``, both lower-cased; None for ``train``
            itself and where there is none.
        layers: one entry per task.
    """

    split: str
    domain: str | None
    sentences: int
    words: int
    types: int
    unknown_words: int | None
    layers: tuple[LayerStatistics, ...]

    @property
    def mean_length(self) -> float | None:
        """Words per sentence; None for a group without sentences."""
        return self.words / self.sentences if self.sentences else None

    @property
    def unknown_word_rate(self) -> float | None:
        """The share of unknown words in all words, 0 to 1; None where it is undefined."""
        return None if self.unknown_words is None or not self.words else self.unknown_words / self.words


@dataclass(frozen=True, slots=True)
class CorpusStatistics:
    """A corpus in numbers: per split first the group of all its sentences, then one per domain."""

    tasks: tuple[Task, ...]
    groups: tuple[GroupStatistics, ...]
    notes: tuple[str, ...]


def describe(corpus: TaggingCorpus) -> CorpusStatistics:
    """Counts what a corpus holds."""
    known = set(word_arrays(corpus["train"]).forms) if "train" in corpus else None
    groups = tuple(
        group
        for split, data in corpus.items()
        for group in _describe_split(split, data, corpus, None if split == "train" else known)
    )
    return CorpusStatistics(corpus.tasks, groups, corpus.notes)


def _describe_split(
    split: str, data: Dataset, corpus: TaggingCorpus, known: set[str] | None
) -> Iterator[GroupStatistics]:
    words = word_arrays(data)
    layers = [(task, layer_arrays(data, task.name)) for task in corpus.tasks]
    unknown = None if known is None else np.array([form not in known for form in words.forms], dtype=bool)
    for domain_id, domain in [(None, None), *enumerate(corpus.domains)]:
        chosen_B = np.ones(len(data), dtype=bool) if domain_id is None else words.domain_ids == domain_id
        forms_N = words.form_ids[chosen_B[words.sentences]]
        yield GroupStatistics(
            split=split,
            domain=domain,
            sentences=int(chosen_B.sum()),
            words=len(forms_N),
            types=len(np.unique(forms_N)),
            unknown_words=None if unknown is None else int(unknown[forms_N].sum()),
            layers=tuple(_describe_layer(task, layer, chosen_B) for task, layer in layers),
        )


def _describe_layer(task: Task, layer: LayerArrays, chosen_B: NDArray[np.bool_]) -> LayerStatistics:
    values = layer.values[chosen_B[layer.sentences]]
    values = values[~np.isnan(values)]
    without = int((layer.is_missing & chosen_B).sum())
    if task.kind is TaskKind.REGRESSION:
        mean, deviation = (float(values.mean()), float(values.std())) if len(values) else (None, None)
        return LayerStatistics(task.name, without, len(values), {}, mean=mean, standard_deviation=deviation)
    counts = np.bincount(values.astype(np.int64), minlength=len(task.labels))
    labels = {label: int(count) for label, count in zip(task.labels, counts, strict=True)}
    return LayerStatistics(task.name, without, len(values), labels, entropy=_entropy(counts))


def _entropy(counts: NDArray[np.int64]) -> float | None:
    """Shannon's, in bits."""
    total = counts.sum()
    if not total:
        return None
    shares = counts[counts > 0] / total
    return float(max(0.0, -(shares * np.log2(shares)).sum()))
