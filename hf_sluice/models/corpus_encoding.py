"""Words to ids, each distinct word looked up once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from .encoded_words import EncodedWords
from .tagger_vocabulary import CHARACTER_SYMBOLS, UNKNOWN_ID
from .word_checks import check_words
from .word_features import feature_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .tagger_vocabulary import TaggerVocabulary

_BEYOND_UNICODE = 0x110000


class CorpusEncoder:
    """Encodes sentences of words with a vocabulary.

    Args:
        vocabulary: the known words and characters.
        max_word_length: of a longer word, only so many characters are kept, the first and the last half, lest one web
            address set the width of a whole batch; at least 2.
        word_features: names of features, whose keys stand before the characters of a form.
    """

    def __init__(self, vocabulary: TaggerVocabulary, max_word_length: int, word_features: Sequence[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._max_word_length = max_word_length
        self._word_features = word_features
        points = [ord(character) for character in vocabulary.characters[len(CHARACTER_SYMBOLS) :]]
        # Sorted, and closed by a point that no text holds, so that every search ends inside.
        self._points = np.array([*points, _BEYOND_UNICODE], dtype=np.uint32)
        order = np.argsort(self._points)
        self._points = self._points[order]
        self._character_ids = (order + len(CHARACTER_SYMBOLS)).astype(np.int32)

    def encode(self, sentences: Sequence[Sequence[str]]) -> EncodedWords:
        """Encodes whole sentences; see :class:`EncodedWords`.

        Raises:
            ValueError: a word is empty or no text; the message says which.
        """
        check_words(sentences)
        words = list(chain.from_iterable(sentences))
        types = {word: i for i, word in enumerate(dict.fromkeys(words))}
        type_N = np.fromiter(map(types.__getitem__, words), dtype=np.int64, count=len(words))
        word_id_D = np.fromiter(map(self._vocabulary.word_id, types), dtype=np.int64, count=len(types))
        chars_DC, length_D = self._characters(list(types))
        if self._word_features:
            chars_DC = np.concatenate((self._features(list(types)), chars_DC), axis=1)
            length_D = length_D + len(self._word_features)
        form_D, first_F = _number_rows(chars_DC)
        lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=len(sentences))
        return EncodedWords(
            word_ids=word_id_D[type_N],
            form_ids=form_D[type_N],
            offsets=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]),
            form_chars=chars_DC[first_F],
            form_lengths=length_D[first_F],
        )

    def _features(self, words: Sequence[str]) -> NDArray[np.int32]:
        """The keys of the features of D words, (D, number of features)."""
        keys = [feature_keys(word, self._word_features) for word in words]
        return np.array(keys, dtype=np.int32).reshape(len(words), len(self._word_features))

    def _characters(self, words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Character ids (D, C) of D words, and how many each has (D,)."""
        shortened = [word if len(word) <= self._max_word_length else self._shorten(word) for word in words]
        length_D = np.fromiter(map(len, shortened), dtype=np.int64, count=len(words))
        # "surrogatepass": halves of surrogate pairs, which broken text may hold, are unknown characters and no error.
        points = np.frombuffer("".join(shortened).encode("utf-32-le", "surrogatepass"), dtype="<u4")
        place = np.searchsorted(self._points, points)
        ids = np.where(self._points[place] == points, self._character_ids[place], np.int32(UNKNOWN_ID))
        chars_DC = np.zeros((len(words), int(length_D.max(initial=1))), dtype=np.int32)
        chars_DC[np.arange(chars_DC.shape[1]) < length_D[:, None]] = ids
        return chars_DC, length_D

    def _shorten(self, word: str) -> str:
        last = self._max_word_length // 2
        return word[: self._max_word_length - last] + word[-last:]


def _number_rows(table: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers the distinct rows by first appearance: the number of each row, and the first row of each number."""
    # A whole row as one value: its bytes.
    rows: list[Any] = table.view(np.dtype((np.void, table.itemsize * table.shape[1]))).ravel().tolist()
    numbers: dict[bytes, int] = {}
    number_of_row = np.fromiter((numbers.setdefault(row, len(numbers)) for row in rows), np.int64, len(rows))
    first = np.full(len(numbers), len(rows), dtype=np.int64)
    np.minimum.at(first, number_of_row, np.arange(len(rows)))
    return number_of_row, first
