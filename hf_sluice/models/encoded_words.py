"""A corpus as flat arrays of word and form ids, from which batches are cut without touching strings again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class EncodedWords:
    """Sentences as ids: N words, F distinct forms, no form of more than C characters.

    A *form* is a word as the character encoder sees it. Two words whose characters have the same ids (both hold an
    unknown character at the same place, say) are one form. Where there are word features, a form is these and its
    characters, in one row: whatever gathers, merges, pads or remembers forms need not tell the two apart.

    Args:
        word_ids: (N,) int64, the words of all sentences one after the other.
        form_ids: (N,) int64, row of ``form_chars`` of each word.
        offsets: (sentences + 1,) int64; sentence i is ``word_ids[offsets[i]:offsets[i + 1]]``.
        form_chars: (F, C) int32, keys of features (no 0), if there are any, and character ids, padded with 0 on the
            right.
        form_lengths: (F,) int64, keys and characters of each form, at least 1.
    """

    word_ids: NDArray[np.int64]
    form_ids: NDArray[np.int64]
    offsets: NDArray[np.int64]
    form_chars: NDArray[np.int32]
    form_lengths: NDArray[np.int64]

    def __len__(self) -> int:
        """The number of sentences."""
        return len(self.offsets) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(sentences,) int64, words of each sentence."""
        return np.diff(self.offsets)

    def batch(self, indices: Sequence[int] | NDArray[np.int64], *, num_tokens: int = 0) -> dict[str, Tensor]:
        """Cuts a batch of B sentences as the models take it, every tensor int64.

        Args:
            indices: sentences, from 0, in the order of the batch.
            num_tokens: T is at least this; by default the length of the longest of the sentences.

        Returns:
            ``input_ids`` (B, T) and ``attention_mask`` (B, T), padded with 0 on the right; ``char_ids`` (U, C), the
            batch's distinct forms in the order in which they first appear, padded with 0 to the longest of them, and at
            least one row; ``char_index`` (B, T), the row of ``char_ids`` of each word, 0 at padding.

        Raises:
            IndexError: there is no sentence of such an index.
        """
        chosen_B = np.asarray(indices, dtype=np.int64).reshape(-1)
        if len(chosen_B) and (chosen_B.min() < 0 or chosen_B.max() >= len(self)):
            raise IndexError(f"sentences {chosen_B.min()} to {chosen_B.max()} asked of 0 to {len(self) - 1}")
        starts_B = self.offsets[chosen_B]
        lengths_B = self.offsets[chosen_B + 1] - starts_B
        steps_T = np.arange(max(num_tokens, lengths_B.max(initial=0)))
        mask_BT = steps_T < lengths_B[:, None]
        words = (starts_B[:, None] + steps_T)[mask_BT]
        forms_U, rows = _in_order_of_appearance(self.form_ids[words])
        return {
            "input_ids": torch.from_numpy(_scatter(self.word_ids[words], mask_BT)),
            "attention_mask": torch.from_numpy(mask_BT.astype(np.int64)),
            "char_ids": torch.from_numpy(self._characters(forms_U)),
            "char_index": torch.from_numpy(_scatter(rows, mask_BT)),
        }

    def _characters(self, forms_U: NDArray[np.int64]) -> NDArray[np.int64]:
        if len(forms_U) == 0:
            return np.zeros((1, 1), dtype=np.int64)
        return self.form_chars[forms_U, : self.form_lengths[forms_U].max()].astype(np.int64)


def _in_order_of_appearance(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values by first appearance, and the place of each value among them."""
    distinct, first, inverse = np.unique(values, return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return distinct[order], place[inverse]


def _scatter(values: NDArray[np.int64], mask_BT: NDArray[np.bool_]) -> NDArray[np.int64]:
    padded_BT = np.zeros(mask_BT.shape, dtype=np.int64)
    padded_BT[mask_BT] = values
    return padded_BT
