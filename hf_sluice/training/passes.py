"""The endless sequence of batches that a task walks through: shuffled passes over its sentences, one after another."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hf_sluice.training.batches import bucketed_batches, token_batches

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
    _starts: list[int] = field(default_factory=lambda: [0], init=False, repr=False)

    @property
    def num_batches(self) -> int:
        """The number of batches in the first pass; in every pass, unless batches grow or have ``batch_tokens``."""
        return self.num_in(0)

    def num_in(self, number: int) -> int:
        """The number of batches in a pass, counted from 0."""
        return self._start(number + 1) - self._start(number)

    def whole(self, number: int) -> list[np.ndarray]:
        """All batches of a pass, counted from 0."""
        settings, seed = self.settings, (*self.seed, number)
        if settings.batch_tokens is None:
            size = self._batch_size(number)
            return bucketed_batches(self.lengths, self.sentences, size, settings.bucket_size, seed)
        return token_batches(self.lengths, self.sentences, settings.batch_tokens, settings.bucket_size, seed)

    def window(self, start: int, length: int) -> list[np.ndarray]:
        """So many batches from the ``start``-th of the sequence on."""
        if not length:
            return []
        number = 0
        while self._start(number + 1) <= start:
            number += 1
        offset = start - self._start(number)
        batches: list[np.ndarray] = []
        while len(batches) < offset + length:
            batches += self.whole(number)
            number += 1
        return batches[offset : offset + length]

    def _start(self, number: int) -> int:
        """The number of batches in all passes before one."""
        while len(self._starts) <= number:
            last, going_by_size = len(self._starts) - 1, self.settings.batch_tokens is None
            in_last = -(-len(self.sentences) // self._batch_size(last)) if going_by_size else len(self.whole(last))
            self._starts.append(self._starts[-1] + in_last)
        return self._starts[number]

    def _batch_size(self, number: int) -> int:
        """Sentences in a batch of a pass: no more than the settings want in the end."""
        first, most = self.settings.first_batch_size, self.settings.batch_size
        if first is None:
            return most
        passes = math.log(most / first) / math.log(self.settings.batch_growth)  # until they are all
        return most if number >= passes else int(first * self.settings.batch_growth**number)
