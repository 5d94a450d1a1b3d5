"""Known words that are read as the unknown word, so that training meets it as often as texts do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from hf_sluice.models.tagger_vocabulary import UNKNOWN_ID, WORD_SYMBOLS
from hf_sluice.training.device_transfer import on_device

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from hf_sluice.training.settings import TrainingSettings


class WordDropout:
    """Replaces known words by the unknown word; padding, numbers, features and characters stay what they are.

    Args:
        rates_V: of each word id the probability of being replaced, where the words are.
    """

    def __init__(self, rates_V: Tensor) -> None:
        self._rates_V = rates_V

    def apply(self, pieces: Sequence[dict[str, Any]], seed: int) -> None:
        """Replaces words in the inputs of a step, piece after piece; which ones follows from the seed."""
        random = np.random.default_rng(seed)
        for inputs in pieces:
            input_ids_BT = inputs["input_ids"]
            drawn_BT = torch.from_numpy(random.random(tuple(input_ids_BT.shape), dtype=np.float32))
            dropped_BT = on_device(drawn_BT, input_ids_BT.device) < self._rates_V[input_ids_BT]
            inputs["input_ids"] = input_ids_BT.masked_fill(dropped_BT, UNKNOWN_ID)


def make_word_dropout(
    settings: TrainingSettings, word_ids_N: NDArray[np.int64], device: torch.device
) -> WordDropout | None:
    """What the settings ask for, None where no word is replaced.

    Args:
        settings: ``word_dropout`` is the rate of every word, ``word_dropout_alpha`` the α of α / (α + count), with the
            word's count in training (Kiperwasser & Goldberg 2016, "Word dropout").
        word_ids_N: of all training sentences.
        device: where batches are computed.
    """
    alpha, rate = settings.word_dropout_alpha, settings.word_dropout
    if alpha is None and not rate:
        return None
    counts_V = np.bincount(word_ids_N, minlength=len(WORD_SYMBOLS))
    rates_V = np.full(len(counts_V), rate) if alpha is None else alpha / (alpha + counts_V)
    rates_V[: len(WORD_SYMBOLS)] = 0
    return WordDropout(torch.from_numpy(rates_V).to(device, torch.float32))
