"""A sentence to tag, and what a model says about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.data.sentence import Place


@dataclass(frozen=True, slots=True)
class UntaggedSentence:
    """A sentence to tag.

    Args:
        words: at least one, none empty, all of them writable as UTF-8.
        place: where it was read, for error messages.
        offsets: per word its first character in the text and the one after its last; None where words were given.

    Raises:
        DataError: words that are not such.
    """

    words: Sequence[str]
    place: Place
    offsets: Sequence[tuple[int, int]] | None = None

    def __post_init__(self) -> None:
        if not self.words:
            raise self._error("a sentence without words; at least one is needed")
        for number, word in enumerate(self.words, start=1):
            if not isinstance(word, str):
                raise self._error(f"word {number} is {word!r}; a text is expected")
            if not word:
                raise self._error(f"word {number} is empty; at least one character is needed")
            if not word.isascii() and any("\ud800" <= character <= "\udfff" for character in word):
                raise self._error(f"word {number} holds half of a surrogate pair, which is no character")

    def _error(self, message: str) -> DataError:
        return DataError(self.place.path, self.place.line, message)


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with predictions.

    Args:
        sentence: the sentence.
        predictions: per task one label, or number, per word.
    """

    sentence: UntaggedSentence
    predictions: Mapping[str, Sequence[str | float]]
