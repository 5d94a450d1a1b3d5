"""The characters of each sentence's words by themselves, for programs that cut a batch into its sentences.

The table ``char_ids`` of a tagger's inputs belongs to a whole batch. The pipelines of ``transformers`` know inputs of
one row per sentence alone; there ``word_chars`` (B, F) takes its place: the characters of a sentence's words one after
the other, each word closed by a 0, padded with 0 on the right.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence


def write_word_chars(char_ids_UC: Tensor, char_index_BT: Tensor, attention_mask_BT: Tensor) -> Tensor:
    """``word_chars`` (B, F) of a batch as the models take it."""
    closed_UC = torch.cat((char_ids_UC, char_ids_UC.new_zeros(len(char_ids_UC), 1)), dim=1)
    kept_UC = torch.ones_like(closed_UC, dtype=torch.bool)
    kept_UC[:, 1:] = closed_UC[:, :-1] != 0
    if not len(char_index_BT):
        return torch.zeros_like(char_index_BT)
    rows = [index_T[mask_T.bool()] for index_T, mask_T in zip(char_index_BT, attention_mask_BT, strict=True)]
    return pad_sequence([closed_UC[row][kept_UC[row]] for row in rows], batch_first=True)


def read_word_chars(word_chars_BF: Tensor, attention_mask_BT: Tensor) -> tuple[Tensor, Tensor]:
    """``char_ids`` (U, C), each distinct word form once, and ``char_index`` (B, T) of what was written.

    Raises:
        ValueError: there are not as many words as tokens.
    """
    is_char_BF = word_chars_BF != 0
    opens_BF = is_char_BF.clone()
    opens_BF[:, 1:] &= ~is_char_BF[:, :-1]
    is_token_BT = attention_mask_BT.bool()
    words = int(opens_BF.sum())
    if not torch.equal(opens_BF.sum(dim=1), is_token_BT.sum(dim=1)):
        raise ValueError(f"word_chars: {words} words, input_ids: {int(is_token_BT.sum())}; they should be the same")
    if words == 0:
        return word_chars_BF.new_zeros(1, 1), torch.zeros_like(attention_mask_BT)
    char_ids_UC, form_of_word = torch.unique(_one_row_each(word_chars_BF, opens_BF), dim=0, return_inverse=True)
    char_index_BT = torch.zeros_like(attention_mask_BT)
    char_index_BT[is_token_BT] = form_of_word
    return char_ids_UC, char_index_BT


def _one_row_each(word_chars_BF: Tensor, opens_BF: Tensor) -> Tensor:
    """(words, C), sentence by sentence."""
    is_char = word_chars_BF.flatten() != 0
    word = (opens_BF.flatten().cumsum(0) - 1)[is_char]
    place = is_char.nonzero().squeeze(1) - opens_BF.flatten().nonzero().squeeze(1)[word]
    rows = word_chars_BF.new_zeros(int(opens_BF.sum()), int(place.max()) + 1)
    rows[word, place] = word_chars_BF.flatten()[is_char]
    return rows
