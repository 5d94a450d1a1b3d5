"""What is trained: the batches of a corpus, and trainers of the papers' sizes for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from accelerate import Accelerator

from hf_sluice.data.load import load_corpus
from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.training.batches import bucketed_batches
from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.trainer import MultiTaskTrainer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.training.encoded_split import EncodedSplit


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """A corpus cut into a few batches that stand for all.

    Args:
        corpus: the corpus.
        tokenizer: knows the words of its training split.
        lengths: words of each training sentence.
        epoch: the full batches of an epoch as arrays of sentence numbers, ordered by their number of words.
        num_batches: how many batches to take.
        settings: of the training, the papers' but for the batch size.
    """

    corpus: TaggingCorpus
    tokenizer: TaggerTokenizer
    lengths: np.ndarray
    epoch: list[np.ndarray]
    num_batches: int
    settings: TrainingSettings

    @property
    def batches(self) -> list[np.ndarray]:
        """Batches of the epoch, from short sentences to long ones."""
        return self._at_even_distances(self.epoch)

    @property
    def mixed(self) -> list[np.ndarray]:
        """The same from those batches whose sentences differ in length."""
        return self._at_even_distances([batch for batch in self.epoch if self._is_mixed(batch)])

    @property
    def equal(self) -> list[np.ndarray]:
        """The same from those batches whose sentences are equally long."""
        return self._at_even_distances([batch for batch in self.epoch if not self._is_mixed(batch)])

    @property
    def share_mixed(self) -> float:
        """The share of the epoch's words that stand in batches of mixed lengths."""
        return self.words([batch for batch in self.epoch if self._is_mixed(batch)]) / self.words(self.epoch)

    @property
    def padding(self) -> float:
        """The share of padding in the epoch."""
        cells = sum(len(batch) * int(self.lengths[batch].max()) for batch in self.epoch)
        return 1 - self.words(self.epoch) / cells

    def words(self, batches: list[np.ndarray]) -> int:
        """Words of some batches."""
        return sum(int(self.lengths[batch].sum()) for batch in batches)

    def _is_mixed(self, batch: np.ndarray) -> bool:
        return len(set(self.lengths[batch])) > 1

    def _at_even_distances(self, batches: list[np.ndarray]) -> list[np.ndarray]:
        middles = (np.arange(self.num_batches) + 0.5) / self.num_batches * len(batches)
        return [batches[position] for position in np.unique(middles.astype(int))] if batches else []

    def steps(self, num_tasks: int, batches: list[np.ndarray]) -> list[Step]:
        """One joint training step of the first tasks per batch."""
        names = tuple(task.name for task in self.corpus.tasks[:num_tasks])
        return [Step(names, batch) for batch in batches]

    def model(self, sharing: str, num_tasks: int) -> SluiceForTokenClassification:
        """A fresh model of the default sizes, which are the papers'."""
        torch.manual_seed(0)
        return SluiceForTokenClassification(
            SluiceConfig(
                tasks=[task.to_dict() for task in self.corpus.tasks[:num_tasks]],
                vocab_size=self.tokenizer.vocab_size,
                char_vocab_size=self.tokenizer.char_vocab_size,
                sharing=sharing,
            )
        )

    def encoded(self, num_tasks: int) -> EncodedSplit:
        """The training split, with the labels of the first tasks."""
        return encode_split(self.corpus["train"], self.tokenizer, self.corpus.tasks[:num_tasks])

    def trainer(self, sharing: str, num_tasks: int, folder: Path) -> MultiTaskTrainer:
        """A trainer, in training mode, of a fresh model."""
        trainer = MultiTaskTrainer(
            self.model(sharing, num_tasks),
            self.tokenizer,
            self.corpus,
            self.corpus.tasks[:num_tasks],
            self.settings,
            folder,
            accelerator=Accelerator(cpu=True),
        )
        trainer.model.train()
        return trainer


def load_workload(corpus_name: str, batch_size: int, num_batches: int, bucket_size: int) -> Workload:
    """Loads a corpus and cuts an epoch of it into batches as the trainer does.

    Args:
        corpus_name: as in ``load_corpus``.
        batch_size: sentences in a batch.
        num_batches: how many batches stand for the epoch.
        bucket_size: as in the training settings; 1 puts sentences together by chance, whatever their lengths.
    """
    corpus = load_corpus(corpus_name)
    sentences = corpus["train"]["tokens"][:]
    lengths = np.array([len(sentence) for sentence in sentences])
    epoch = bucketed_batches(lengths, np.arange(len(lengths)), batch_size, bucket_size, (0,))
    full = sorted((batch for batch in epoch if len(batch) == batch_size), key=lambda batch: lengths[batch].sum())
    return Workload(
        corpus,
        TaggerTokenizer.train_from_words(sentences),
        lengths,
        full,
        num_batches,
        TrainingSettings(batch_size=batch_size, bucket_size=bucket_size),
    )


def training(trainer: MultiTaskTrainer, steps: Sequence[Step]) -> Callable[[], None]:
    """What a round of training does."""

    def train() -> None:
        for step in steps:
            trainer._train_step(step)  # noqa: SLF001  the trainer's own step is what is timed

    return train
