"""The tag files of SemCor: words with their WordNet senses, one element per line.

They look like SGML, but attribute values have no quotes: ``<wf cmd=done pos=VB lemma=take_place wnsn=1
lexsn=2:30:00::>took_place</wf>``. The words of a multiword unit are joined by ``_``. Punctuation stands in ``<punc>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.reading import NumberedLines, iter_texts
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WORDS = re.compile(r"<wf ([^>]*)>(.+)</wf>")
_PUNCTUATION = re.compile(r"<punc>(.+)</punc>")
_SENTENCE = re.compile(r"<s snum=([0-9]+)>")
_FRAME = re.compile(r"</?(?:contextfile|context|p)\b[^>]*>")  # of files, documents and paragraphs


class Unit(NamedTuple):
    """A word, a multiword unit or a punctuation mark.

    Args:
        words: its words.
        senses: WordNet's sense keys without the lemma (``2:30:00::``), several where the annotators saw several.
        name_kind: ``person``, ``location``, ``group`` or ``other`` for a name that WordNet does not have, else "".
        line: its line in the file.
    """

    words: tuple[str, ...]
    senses: tuple[str, ...]
    name_kind: str
    line: int


@dataclass(frozen=True, slots=True)
class SemcorSentence:
    """One sentence: the name of its document, its number there, its units, and where the first of them stands."""

    document: str
    number: int
    units: tuple[Unit, ...]
    place: Place


def read_semcor(path: Path | str) -> Iterator[SemcorSentence]:
    """Streams the sentences of a tag file, or of all files in a tar archive; a document has the name of its file.

    Raises:
        DataError: a line that is no element of the format, an attribute without "=", words outside of sentences, a
            sentence without words or without its end, a file without sentences, or what reading raises.
    """
    for name, lines in iter_texts(path):
        yield from _Reader(name).sentences(lines)


@dataclass(slots=True)
class _Reader:
    """Reads one file; holds what is known when the next line comes."""

    name: str
    number: int | None = None
    units: list[Unit] = field(default_factory=list)

    def sentences(self, lines: NumberedLines) -> Iterator[SemcorSentence]:
        """The sentences of the file, in order; raises DataError for a line that has no place there."""
        found = False
        line_number = 0
        for line_number, line in lines:
            if line == "</s>":
                yield self._finish(line_number)
                found = True
            elif start := _SENTENCE.fullmatch(line):
                self._begin(line_number, int(start[1]))
            elif line.strip() and not _FRAME.fullmatch(line):
                self._add(line_number, line)
        if self.number is not None:
            raise DataError(self.name, line_number, f"sentence {self.number} is not ended by </s>")
        if not found:
            raise DataError(self.name, None, "no sentences; a tag file of SemCor is expected")

    def _begin(self, line_number: int, number: int) -> None:
        if self.number is not None:
            raise DataError(self.name, line_number, f"sentence {self.number} is not ended by </s> before the next")
        self.number = number

    def _add(self, line_number: int, line: str) -> None:
        if self.number is None:
            raise DataError(self.name, line_number, "words outside of a sentence; <s snum=…> is expected before them")
        if found := _WORDS.fullmatch(line):
            attributes = self._attributes(line_number, found[1])
            senses = tuple(attributes["lexsn"].split(";")) if "lexsn" in attributes else ()
            unit = Unit(tuple(found[2].split("_")), senses, attributes.get("pn", ""), line_number)
        elif found := _PUNCTUATION.fullmatch(line):
            unit = Unit((found[1],), (), "", line_number)
        else:
            raise DataError(self.name, line_number, f"{line!r} is no line such as <wf …>word</wf> or <punc>.</punc>")
        self.units.append(unit)

    def _attributes(self, line_number: int, written: str) -> dict[str, str]:
        attributes = {}
        for item in written.split():
            name, equals, value = item.partition("=")
            if not equals:
                raise DataError(self.name, line_number, f"{item!r} is no attribute; name=value is expected")
            attributes[name] = value
        return attributes

    def _finish(self, line_number: int) -> SemcorSentence:
        if self.number is None or not self.units:
            raise DataError(self.name, line_number, "a sentence ends here that has no words or no beginning")
        document = self.name.rpartition("!")[2].rpartition("/")[2]
        read = SemcorSentence(document, self.number, tuple(self.units), Place(self.name, self.units[0].line))
        self.number, self.units = None, []
        return read
