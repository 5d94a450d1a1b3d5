"""The endless sequence of batches that a task walks through: shuffled passes over its sentences, one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.training.batches import bucketed_batches

if TYPE_CHECKING:
    import numpy as np

    from hf_sluice.training.settings import TrainingSettings


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """Shuffled passes over some sentences.

    Args:
        lengths: words of every sentence of the split.
        sentences: those to walk through.
        settings: sizes of batches and buckets.
        seed: every pass is a function of it and of the pass's number.
    """

    lengths: np.ndarray
    sentences: np.ndarray
    settings: TrainingSettings
    seed: tuple[int, ...]

    @property
    def num_batches(self) -> int:
        """The number of batches in a pass."""
        return -(-len(self.sentences) // self.settings.batch_size)

    def window(self, start: int, length: int) -> list[np.ndarray]:
        """So many batches from the ``start``-th of the sequence on."""
        if not length:
            return []
        first, offset = divmod(start, self.num_batches)
        passes = range(first, -(-(start + length) // self.num_batches))
        return [batch for number in passes for batch in self._pass(number)][offset : offset + length]

    def _pass(self, number: int) -> list[np.ndarray]:
        seed = (*self.seed, number)
        return bucketed_batches(self.lengths, self.sentences, self.settings.batch_size, self.settings.bucket_size, seed)
