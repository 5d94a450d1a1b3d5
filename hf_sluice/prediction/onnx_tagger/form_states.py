"""What a graph makes of the characters of words, remembered: most words of a text have been there before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .word_ids import WordIds

_WORDS_OF_A_BATCH = 64
_MOST_WORDS, _MOST_BYTES = 2**15, 16 * 2**20


class FormStates:
    """States of word forms; memory is bounded: where it is full, all is forgotten, and what is frequent is soon back.

    Args:
        session: runs the graph from ``char_ids`` (U, C) to states (U, F).
        words: finds the characters.
    """

    def __init__(self, session: Any, words: WordIds) -> None:
        self._session, self._words = session, words
        width = session.get_outputs()[0].shape[1]
        most = max(1, min(_MOST_WORDS, _MOST_BYTES // (4 * width)))
        self._table = np.empty((most, width), dtype=np.float32)
        self._rows: dict[str, int] = {}

    def encode(self, words: Sequence[str]) -> NDArray[np.float32]:
        """(U, F) of U distinct words."""
        missing = [word for word in words if word not in self._rows]
        if len(self._rows) + len(missing) > len(self._table):
            self._rows.clear()
            missing = list(words)
        if len(missing) > len(self._table):
            return self._make(missing)
        first = len(self._rows)
        self._table[first : first + len(missing)] = self._make(missing)
        self._rows.update((word, row) for row, word in enumerate(missing, start=first))
        return self._table[[self._rows[word] for word in words]]

    def _make(self, words: Sequence[str]) -> NDArray[np.float32]:
        """The same by the graph, words of a length together: little padding."""
        states_UF = np.empty((len(words), self._table.shape[1]), dtype=np.float32)
        order = sorted(range(len(words)), key=lambda i: len(words[i]))
        for start in range(0, len(order), _WORDS_OF_A_BATCH):
            batch = order[start : start + _WORDS_OF_A_BATCH]
            (states_UF[batch],) = self._session.run(
                None, {"char_ids": self._words.characters([words[i] for i in batch])}
            )
        return states_UF
