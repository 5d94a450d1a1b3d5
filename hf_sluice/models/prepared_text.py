"""What the pipeline is given, brought into one form: sentences of words, and where these stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from .word_checks import check_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Splitter = Callable[[str], list[tuple[str, int, int]]]

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A text to tag.

    Args:
        text: the raw text; None where words were given.
        words: of all its sentences, one after the other.
        offsets: of each word the first character and the one after the last; of a given word its number and the next.
        bounds: of each sentence the number of its first word, then the number of words; sentences are not empty, and a
            text without words has none.
    """

    text: str | None
    words: list[str]
    offsets: list[tuple[int, int]]
    bounds: list[int]

    @property
    def sentences(self) -> list[list[str]]:
        """The words of each sentence."""
        return [self.words[start:end] for start, end in pairwise(self.bounds)]

    def written(self, start: int, end: int) -> str:
        """Words ``start`` to ``end`` (exclusive) as the text has them; given words are joined by spaces."""
        if self.text is None:
            return " ".join(self.words[start:end])
        return self.text[self.offsets[start][0] : self.offsets[end - 1][1]]


def is_one_text(inputs: Any, *, is_split_into_words: bool) -> bool:
    """Whether one text is given: a string, or a list of words; an empty list is a list of no texts."""
    if not is_split_into_words:
        return isinstance(inputs, str)
    return isinstance(inputs, list | tuple) and len(inputs) > 0 and isinstance(inputs[0], str)


def iterate_texts(inputs: Any) -> Iterator[Any]:
    """The texts of a list, a generator, a column, or whatever has a length and items.

    Raises:
        ValueError: what is given holds no texts.
    """
    if isinstance(inputs, Iterable) and not isinstance(inputs, str | bytes | Mapping):
        return iter(inputs)
    if hasattr(inputs, "__getitem__") and hasattr(inputs, "__len__") and not isinstance(inputs, str | bytes | Mapping):
        return (inputs[number] for number in range(len(inputs)))
    raise ValueError(
        f"inputs: {inputs!r:.60} is neither a text nor several; lists of words need is_split_into_words=True"
    )


def prepare_words(words: Any, number: int) -> PreparedText:
    """A text that is given as words.

    Args:
        words: at least one character each.
        number: of the text, for the message.

    Raises:
        ValueError: no list of words; the message says which text and which word, counted from 0.
    """
    check_words([words], first=number)
    sentence = list(words)
    return PreparedText(None, sentence, [(i, i + 1) for i in range(len(sentence))], _bounds([len(sentence)]))


def prepare_raw_text(text: Any, number: int, split: Splitter, *, split_lines: bool = False) -> PreparedText:
    """A text that is given as such.

    Args:
        text: any text, also an empty one.
        number: of the text, for the message.
        split: cuts a text into triples of word, first character, and the one after the last.
        split_lines: whether each line is a sentence of its own; otherwise the text is one.

    Raises:
        ValueError: no text; the message says which, counted from 0.
    """
    if not isinstance(text, str):
        raise ValueError(
            f"text {number} is {text!r:.60}, no text; lists of words need is_split_into_words=True, and of a data set "
            "one column is given"
        )
    lines = [(match.group(), match.start()) for match in _LINE.finditer(text)] if split_lines else [(text, 0)]
    cut = [[(word, first + start, first + end) for word, start, end in split(line)] for line, first in lines]
    words = [triple for sentence in cut for triple in sentence]
    return PreparedText(
        text, [word for word, _, _ in words], [(start, end) for _, start, end in words], _bounds(map(len, cut))
    )


def _bounds(lengths: Iterable[int]) -> list[int]:
    return list(accumulate(filter(None, lengths), initial=0))
