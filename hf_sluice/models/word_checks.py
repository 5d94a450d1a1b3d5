"""What counts as the words of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def check_words(sentences: Iterable[Sequence[str]], *, first: int = 0) -> None:
    """Sees to it that each sentence is a sequence of words of at least one character.

    Args:
        sentences: the words of each sentence.
        first: number of the first of them, for the message.

    Raises:
        ValueError: one is not; the message says which word of which sentence, both counted from 0.
    """
    for number, sentence in enumerate(sentences, start=first):
        if isinstance(sentence, str) or not hasattr(sentence, "__iter__"):
            raise ValueError(f"sentence {number} is {sentence!r:.60}; it should be a list of words")
        # One pass at C speed over the good case; the place is looked for in the bad one only.
        if not all(sentence) or not set(map(type, sentence)) <= {str}:
            _raise_at_bad_word(number, sentence)


def _raise_at_bad_word(number: int, sentence: Sequence[object]) -> None:
    for place, word in enumerate(sentence):
        if not isinstance(word, str):
            raise ValueError(f"sentence {number}, word {place} is {word!r}; a word should be text")
        if not word:
            raise ValueError(f"sentence {number}, word {place} is empty; a word should have at least one character")
