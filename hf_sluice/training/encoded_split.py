"""A split as arrays: encoded once before training, cut into batches without touching a string again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from datasets import Dataset
    from torch import Tensor

    from hf_sluice.models.encoded_words import EncodedWords
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.tasks import Task

UNLABELLED = -100


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSplit:
    """Words and labels of all sentences of a split, one after the other.

    Args:
        words: the encoded words.
        labels: per task one value per word, (N,): label ids, int64, or numbers, float32; −100 where there is none.
        domains: per sentence its domain, None where it has none.
    """

    words: EncodedWords
    labels: Mapping[str, np.ndarray]
    domains: Sequence[str | None]
    _labelled_before: Mapping[str, np.ndarray] = field(init=False, repr=False)  # per word, those before it; (N + 1,)

    def __post_init__(self) -> None:
        counts = {task: np.cumsum(np.concatenate(([0], v != UNLABELLED))) for task, v in self.labels.items()}
        object.__setattr__(self, "_labelled_before", counts)

    def __len__(self) -> int:
        """The number of sentences."""
        return len(self.words)

    def labelled_sentences(self, task: str) -> np.ndarray:
        """Sentences that carry at least one label of a task, int64."""
        return np.flatnonzero(self.num_labelled(task, np.arange(len(self))))

    def num_labelled(self, task: str, sentences: np.ndarray) -> np.ndarray:
        """For each sentence its number of tokens labelled for a task."""
        before, offsets = self._labelled_before[task], self.words.offsets
        return before[offsets[sentences + 1]] - before[offsets[sentences]]

    def sentence_labels(self, task: str, sentence: int) -> np.ndarray:
        """The labels of one sentence."""
        return self.labels[task][self.words.offsets[sentence] : self.words.offsets[sentence + 1]]

    def batch(self, sentences: np.ndarray, tasks: Sequence[str]) -> dict[str, Any]:
        """The model's inputs for some sentences, with ``labels`` of some tasks, each (B, T), −100 at padding."""
        inputs: dict[str, Any] = self.words.batch(sentences)
        inputs["labels"] = {task: self._labels(task, sentences, inputs["attention_mask"].bool()) for task in tasks}
        return inputs

    def _labels(self, task: str, sentences: np.ndarray, mask_BT: Tensor) -> Tensor:
        labels = self.labels[task]
        padded_BT = torch.full(mask_BT.shape, UNLABELLED, dtype=torch.from_numpy(labels[:0]).dtype)
        spans = [labels[self.words.offsets[s] : self.words.offsets[s + 1]] for s in sentences]
        padded_BT[mask_BT] = torch.from_numpy(np.concatenate(spans))
        return padded_BT


def encode_split(dataset: Dataset, tokenizer: TaggerTokenizer, tasks: Sequence[Task]) -> EncodedSplit:
    """Encodes a split.

    Args:
        dataset: with the columns of DESIGN.md: tokens, one per task, domain.
        tokenizer: gives words and characters their ids.
        tasks: the columns to take labels from.
    """
    words = tokenizer.encode_words(dataset["tokens"][:])
    # Not `dataset.data`, which holds all rows of a split of which some domains were chosen.
    columns = dataset.with_format("arrow")[:]
    labels = {task.name: _flat_labels(columns[task.name], words.offsets) for task in tasks}
    names = dataset.features["domain"].names
    domains = [None if d is None else names[d] for d in dataset["domain"][:]]
    return EncodedSplit(words, labels, domains)


def check_labels(split: EncodedSplit, name: str, tasks: Sequence[str]) -> None:
    """Sees to it that a split can be used for some tasks.

    Raises:
        UserError: no sentence has a label of one of them.
    """
    for task in tasks:
        if not len(split.labelled_sentences(task)):
            raise UserError(f"split {name!r}: no sentence has a label of task {task!r}; it cannot be trained")


def _flat_labels(column: pa.ChunkedArray, offsets: np.ndarray) -> np.ndarray:
    """One value per word of every sentence; a missing layer or label becomes −100."""
    regression = column.type.value_type == "double"
    flat = np.full(offsets[-1], UNLABELLED, dtype=np.float32 if regression else np.int64)
    for position, labels in enumerate(column.to_pylist()):
        if labels is not None:
            flat[offsets[position] : offsets[position + 1]] = [UNLABELLED if v is None else v for v in labels]
    return flat
