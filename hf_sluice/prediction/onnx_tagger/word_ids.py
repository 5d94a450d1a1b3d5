"""Words and characters as the numbers that graphs read.

Shape letters: B sentences, T tokens, U distinct words, C characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from .description import read_object
from .word_features import feature_keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

UNKNOWN, NUMBER, NUM_SYMBOLS = 1, 2, {"words": 3, "characters": 2}
"""Ids of what is not known and of numbers, and how many entries of each list stand for something else than a text."""

_NUMBER = re.compile(r"[-+\u2212]?[.,]?\d+(?:[-.,:/\u2013]\d+)*")


class WordIds:
    """The vocabulary of a tagger.

    Args:
        path: its file.
        max_word_length: characters of a word that are read; of a longer one the first and the last half of so many.
        word_features: names of features, whose keys stand before the characters.

    Raises:
        ValueError: the file is missing or damaged; the message names it.
    """

    def __init__(self, path: Path, max_word_length: int, word_features: Sequence[str] = ()) -> None:
        fields = read_object(path)
        entries: dict[str, dict[str, int]] = {}
        for name, symbols in NUM_SYMBOLS.items():
            values = fields.get(name)
            if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
                raise ValueError(f"{path}: {name} should be a list of texts")
            entries[name] = {value: i for i, value in enumerate(values) if i >= symbols}
        self._ids, self._character_ids = entries["words"], entries["characters"]
        self._lowercase, self._number_symbol = (bool(fields.get(name)) for name in ("lowercase", "number_symbol"))
        self._max_word_length = max_word_length
        self._word_features = word_features

    def encode(self, sentences: Sequence[Sequence[str]]) -> tuple[dict[str, NDArray[np.int64]], list[str]]:
        """What a graph reads of sentences of at least one word, but for ``form_states``.

        Returns:
            ``input_ids``, ``attention_mask`` and ``char_index``, each (B, T), padded with 0; and the U distinct words,
            of which ``char_index`` holds the places.
        """
        places: dict[str, int] = {}
        place_N = np.array([places.setdefault(word, len(places)) for words in sentences for word in words])
        lengths_B = np.array([len(words) for words in sentences])
        is_word_BT = np.arange(lengths_B.max()) < lengths_B[:, None]
        id_U = np.array([self._word_id(word) for word in places])
        inputs = {
            "input_ids": _padded(id_U[place_N], is_word_BT),
            "attention_mask": is_word_BT.astype(np.int64),
            "char_index": _padded(place_N, is_word_BT),
        }
        return inputs, list(places)

    def characters(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Keys of features and character ids (U, C) of U words, padded with 0."""
        forms = [self._form(word) for word in words]
        char_ids = np.zeros((len(forms), max(map(len, forms))), dtype=np.int64)
        for row, form in enumerate(forms):
            char_ids[row, : len(form)] = form
        return char_ids

    def _word_id(self, word: str) -> int:
        if self._number_symbol and _NUMBER.fullmatch(word):
            return NUMBER
        return self._ids.get(word.lower() if self._lowercase else word, UNKNOWN)

    def _form(self, word: str) -> list[int]:
        keys, last = feature_keys(word, self._word_features), self._max_word_length // 2
        if len(word) > self._max_word_length:
            word = word[: self._max_word_length - last] + word[-last:]
        return [*keys, *(self._character_ids.get(character, UNKNOWN) for character in word)]


def _padded(values: NDArray[Any], is_word_BT: NDArray[np.bool_]) -> NDArray[np.int64]:
    padded_BT = np.zeros(is_word_BT.shape, dtype=np.int64)
    padded_BT[is_word_BT] = values
    return padded_BT
