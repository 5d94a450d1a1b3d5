"""The ``.vis`` files of STREUSLE: one sentence per line, its lexical expressions marked within the text.

``reviews-1<tab>turned_ it|PRON _over|V.VPC.full-v.social ,|PUNCT Blue_Cross|N-n.GROUP``: ``_`` ties two words to one
strong expression, and ``~`` strong ones to a weak one, which is not read here; beside a space both open or close a gap.
Behind the last word of a strong expression stands its category and, after ``-``, its supersense (of a preposition the
role, and after ``:`` the function, where that differs).

Words are not escaped, so a line is read along the words of the sentence, which must be known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from hf_sluice.data.expressions import Expression
from hf_sluice.data.reading import iter_lines
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_AFTER_WORD = re.compile(r"(?:\|(?P<label>[^ _~|]+))?(?P<mark>[_~]?)(?P<space> ?)")
_STRONG, _WEAK = "_", "~"
_SHOWN = 20  # characters of a line in a message


class VisSentence(NamedTuple):
    """One line: the sentence's id, its words with their markup, and where it stands."""

    sent_id: str
    markup: str
    place: Place


def read_vis(path: Path | str) -> Iterator[VisSentence]:
    """Streams the sentences of a file.

    Raises:
        DataError: a line without tab or id, an id that stands twice, a file without sentences, or what reading raises.
    """
    seen: set[str] = set()
    for number, line in iter_lines(path):
        sent_id, tab, markup = line.partition("\t")
        if not sent_id or not tab or not markup:
            raise DataError(path, number, "a sentence id, a tab and a sentence with markup are expected")
        if sent_id in seen:
            raise DataError(path, number, f"sentence {sent_id!r} stands here for the second time")
        seen.add(sent_id)
        yield VisSentence(sent_id, markup, Place(str(path), number))
    if not seen:
        raise DataError(path, None, "the file is empty; sentences with markup are expected")


def read_markup(read: VisSentence, words: Sequence[str]) -> list[Expression]:
    """The strong expressions of a sentence, in the order of their first words.

    Args:
        read: the sentence.
        words: its words, as a corpus with the same tokens has them.

    Raises:
        DataError: other words than these, marks that do not match, an expression without label, a label within one.
    """
    reader = _MarkupReader(read)
    for i, word in enumerate(words):
        reader.read_word(i, word)
    reader.check_end()
    return _expressions(reader.following, reader.labels, len(words), read.place)


class _MarkupReader:
    """Goes along the line; knows which words follow which in a strong expression, and their labels."""

    def __init__(self, read: VisSentence) -> None:
        self.following: dict[int, int] = {}
        self.labels: dict[int, str] = {}
        self._markup = read.markup
        self._place = read.place
        self._column = 0
        self._gaps: list[int] = []  # the words before those gaps of strong expressions that are not ended

    def read_word(self, i: int, word: str) -> None:
        """Reads a word with what stands before it and after it."""
        self._end_gap(i, word)
        if not self._markup.startswith(word, self._column):
            raise self._error(f"word {i + 1}, {word!r}, is expected where {self._rest()!r} stands")
        # every part of the pattern may be empty, so it always matches
        found = cast("re.Match[str]", _AFTER_WORD.match(self._markup, self._column + len(word)))
        self._column = found.end()
        if found["label"]:
            self.labels[i] = found["label"]
        if found["mark"] == _STRONG and not found["space"]:
            self.following[i] = i + 1
        elif found["mark"] == _STRONG:
            self._gaps.append(i)

    def _end_gap(self, i: int, word: str) -> None:
        """Reads the mark before a word, if there is one; a word may begin with such a character itself."""
        mark = self._markup[self._column : self._column + 1]
        if mark not in {_STRONG, _WEAK} or self._markup.startswith(word, self._column):
            return
        self._column += 1
        if mark == _STRONG:
            if not self._gaps:
                raise self._error(f"_ before word {i + 1} ends a gap that was not begun")
            self.following[self._gaps.pop()] = i

    def check_end(self) -> None:
        """Raises DataError where something is left over."""
        if self._column != len(self._markup):
            raise self._error(f"{self._rest()!r} is left over after the last word")
        if self._gaps:
            raise self._error(f"the gap after word {self._gaps[-1] + 1} is not ended")

    def _rest(self) -> str:
        """What comes next, for messages."""
        return self._markup[self._column :][:_SHOWN]

    def _error(self, message: str) -> DataError:
        return DataError(self._place.path, self._place.line, message)


def _expressions(
    following: Mapping[int, int], labels: Mapping[int, str], length: int, place: Place
) -> list[Expression]:
    expressions = []
    for first in sorted(set(range(length)).difference(following.values())):
        words = [first]
        while words[-1] in following:
            words.append(following[words[-1]])
        if [i for i in words if i in labels] != words[-1:]:
            written = "-".join(str(i + 1) for i in words)
            raise DataError(place.path, place.line, f"expression {written} should have one label, after its last word")
        expressions.append(Expression(tuple(words), _supersense(labels[words[-1]])))
    return expressions


def _supersense(label: str) -> str:
    return label.partition("-")[2].partition(":")[0]
