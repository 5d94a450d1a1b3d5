"""CoNLL-U, the format of Universal Dependencies (https://universaldependencies.org/format.html)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.data.reading import NumberedLines, iter_texts
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
_WORD = re.compile(r"[1-9][0-9]*")
_RANGE = re.compile(r"([1-9][0-9]*)-([1-9][0-9]*)")
_EMPTY_NODE = re.compile(r"([0-9]+)\.([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class ConlluWord:
    """One word line: its columns as they stand in the file, ``_`` included.

    Args:
        head: the number of the word that this one depends on, 0 for the root, None where the column is ``_``.
        line: its line in the file.
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int | None
    deprel: str
    deps: str
    misc: str
    line: int


@dataclass(frozen=True, slots=True)
class ConlluSentence:
    """One sentence of a CoNLL-U file; word number n is ``words[n - 1]``.

    Args:
        words: the syntactic words; multiword token ranges and empty nodes are left out.
        metadata: the comments ``# key = value``, and ``# key`` with the value "".
        document: the metadata of the sentence that began the document (the one with ``newdoc id`` or ``newdoc``);
            empty before the first of these.
        sent_id: the comment of this name, else ``<file name>-<number>``, counted from 1.
        place: file and line of the first word.
    """

    words: tuple[ConlluWord, ...]
    metadata: Mapping[str, str]
    document: Mapping[str, str]
    sent_id: str
    place: Place


def read_conllu(path: Path | str, suffix: str = ".conllu") -> Iterator[ConlluSentence]:
    """Streams the sentences of a CoNLL-U file, or of the files in a tar archive whose names end in ``suffix``.

    Raises:
        DataError: a line without exactly 10 filled columns, word numbers out of sequence, a head outside of the
            sentence, a comment between words, a sentence without words, a file without sentences, or what reading
            raises.
    """
    for name, lines in iter_texts(path, suffix):
        yield from read_conllu_lines(name, lines)


def read_conllu_lines(name: str, lines: NumberedLines) -> Iterator[ConlluSentence]:
    """Streams the sentences of the lines of one CoNLL-U file; ``name`` is what error messages call it.

    Raises:
        DataError: as :func:`read_conllu`.
    """
    found = False
    for sentence in _Reader(name).sentences(lines):
        found = True
        yield sentence
    if not found:
        raise DataError(name, None, "no sentences; CoNLL-U is expected")


@dataclass(slots=True)
class _Reader:
    """Reads one file; holds what is known when the next line comes."""

    name: str
    words: list[ConlluWord] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    document: Mapping[str, str] = field(default_factory=dict)
    count: int = 0

    def sentences(self, lines: NumberedLines) -> Iterator[ConlluSentence]:
        number = 0
        for number, line in lines:
            if not line.strip():
                yield from self._finish(number)
            elif line.startswith("#"):
                self._read_comment(number, line)
            else:
                self._read_row(number, line)
        yield from self._finish(number)

    def _read_comment(self, number: int, line: str) -> None:
        if self.words:
            raise self._error(number, "a comment between words; comments stand before the first word of a sentence")
        key, _, value = line[1:].partition("=")
        self.metadata[key.strip()] = value.strip()

    def _read_row(self, number: int, line: str) -> None:
        cells = line.split("\t")
        if len(cells) != len(_COLUMNS):
            raise self._error(number, f"ragged line: {len(cells)} columns, separated by tabs, instead of 10")
        for column, cell in zip(_COLUMNS, cells, strict=True):
            if not cell:
                raise self._error(number, f"column {column} is empty; '_' stands for nothing")
        if _WORD.fullmatch(cells[0]):
            self._check_sequence(number, int(cells[0]), cells[0])
            self.words.append(self._word(number, cells))
        else:
            self._check_other_id(number, cells[0])

    def _check_sequence(self, number: int, word: int, written: str) -> None:
        expected = len(self.words) + 1
        if word != expected:
            raise self._error(number, f"ID {written!r} is out of sequence; the next word is {expected}")

    def _check_other_id(self, number: int, written: str) -> None:
        if found := _RANGE.fullmatch(written):
            self._check_sequence(number, int(found[1]), written)
            if int(found[2]) <= int(found[1]):
                raise self._error(number, f"ID {written!r} is a range that does not grow")
        elif found := _EMPTY_NODE.fullmatch(written):
            self._check_sequence(number, int(found[1]) + 1, written)
        else:
            raise self._error(number, f"ID {written!r} is no word number, range (3-4) or empty node (5.1)")

    def _word(self, number: int, cells: list[str]) -> ConlluWord:
        _, form, lemma, upos, xpos, feats, head, deprel, deps, misc = cells
        if head != "_" and not head.isdecimal():
            raise self._error(number, f"HEAD {head!r} is not a word number")
        return ConlluWord(
            form, lemma, upos, xpos, feats, None if head == "_" else int(head), deprel, deps, misc, number
        )

    def _finish(self, number: int) -> Iterator[ConlluSentence]:
        """Yields the sentence that ends before line ``number``, if one was begun."""
        if self.words:
            self._check_heads()
            yield self._sentence()
        elif self.metadata:
            raise self._error(number, f"sentence {self.metadata.get('sent_id', '')!r} has no words")
        self.words, self.metadata = [], {}

    def _check_heads(self) -> None:
        for word_number, word in enumerate(self.words, start=1):
            if word.head is not None and (word.head > len(self.words) or word.head == word_number):
                raise self._error(
                    word.line, f"HEAD {word.head} of word {word_number} is not another of {len(self.words)} words, or 0"
                )

    def _sentence(self) -> ConlluSentence:
        self.count += 1
        if "newdoc id" in self.metadata or "newdoc" in self.metadata:
            self.document = self.metadata
        return ConlluSentence(
            words=tuple(self.words),
            metadata=self.metadata,
            document=self.document,
            sent_id=self.metadata.get("sent_id", f"{Path(self.name).name}-{self.count}"),
            place=Place(self.name, self.words[0].line),
        )

    def _error(self, line: int, message: str) -> DataError:
        return DataError(self.name, line, message)
