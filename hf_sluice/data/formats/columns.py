"""Column files: one word per line, its labels in columns beside it, a blank line after each sentence.

CoNLL-2000 (``token pos chunk``), CoNLL-2003 (``token pos chunk ner``, documents begun by ``-DOCSTART-``) and any
other order of columns, which the caller names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.data.reading import NumberedLines, iter_texts
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.data.domains import DomainRule


class Separator(StrEnum):
    """What stands between columns: one tab, or any run of spaces and tabs."""

    TAB = "tab"
    WHITESPACE = "whitespace"


@dataclass(frozen=True, slots=True)
class ColumnFormat:
    """What the columns of a file are.

    Args:
        columns: a name for every column, in order.
        layers: per task name the column that holds its labels.
        word: the column that holds the word.
        numeric: the names of the tasks whose column holds numbers.
        separator: ``tab`` where words may contain spaces or cells may be empty, else ``whitespace``.
        document_start: a line whose first column is this begins a document; None where it is a word like others.
        comment_prefix: a line outside or inside sentences that begins with this is a comment, and
            ``<prefix> key = value`` is metadata of the sentence that follows (``sent_id`` becomes its id). None (the
            default) where a word may begin like one.
        missing: the cell that marks a word as not annotated, for example ``_``; None where there is none.
        empty_word: the word to put where the cell of a word is empty; None (the default) where that is an error.
        domain: how sentences get their domain; it may search ``file``, ``document`` (the text behind
            ``document_start``) and the keys of comments.

    Raises:
        UserError: a column that is asked for is not there, or one that is named twice.
    """

    columns: tuple[str, ...]
    layers: Mapping[str, str]
    word: str = "token"
    numeric: frozenset[str] = frozenset()
    separator: Separator = Separator.WHITESPACE
    document_start: str | None = "-DOCSTART-"
    comment_prefix: str | None = None
    missing: str | None = None
    empty_word: str | None = None
    domain: DomainRule | None = None

    def __post_init__(self) -> None:
        for column in self.columns:
            if self.columns.count(column) > 1:
                raise UserError(f"columns: {column!r} stands twice in {', '.join(self.columns)}")
        self._check_is_there(self.word, "the word")
        for task, column in self.layers.items():
            self._check_is_there(column, f"task {task!r}")

    def _check_is_there(self, column: str, use: str) -> None:
        if column not in self.columns:
            raise UserError(f"columns: there is no column {column!r} for {use}; there is {', '.join(self.columns)}")


def read_columns(path: Path | str, form: ColumnFormat, suffix: str = "") -> Iterator[Sentence]:
    """Streams the sentences of a column file, or of the files in a tar archive whose names end in ``suffix``.

    A line of nothing but white space ends a sentence. Sentences without an id of their own are called
    ``<file name>-<number>``, counted from 1.

    Raises:
        DataError: a line with more or fewer columns than ``form`` names, an empty cell, a cell that should be a number
            and is none, a sentence that has an id and no words, a file without sentences, or what reading raises.
    """
    for name, lines in iter_texts(path, suffix):
        yield from read_column_lines(name, lines, form)


def read_column_lines(name: str, lines: NumberedLines, form: ColumnFormat) -> Iterator[Sentence]:
    """Streams the sentences of the lines of one column file; ``name`` is what error messages call it.

    Raises:
        DataError: as :func:`read_columns`.
    """
    found = False
    for sentence in _Reader(name, form).sentences(lines):
        found = True
        yield sentence
    if not found:
        raise DataError(name, None, "no sentences; lines of words and labels are expected")


@dataclass(slots=True)
class _Reader:
    """Reads one file; holds what is known when the next line comes."""

    name: str
    form: ColumnFormat
    rows: list[list[str]] = field(default_factory=list)
    row_lines: list[int] = field(default_factory=list)
    document: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def sentences(self, lines: NumberedLines) -> Iterator[Sentence]:
        """The sentences of a file's lines; raises DataError at the first line that is malformed."""
        number = 0
        for number, line in lines:
            if self._is_comment(line):
                self._read_comment(line)
            elif self._starts_document(line):
                yield from self._finish(number)
                self.document = line.removeprefix(self.form.document_start or "").strip()
            elif line.strip():
                self._read_row(number, line)
            else:
                yield from self._finish(number)
        yield from self._finish(number)

    def _is_comment(self, line: str) -> bool:
        return self.form.comment_prefix is not None and line.startswith(self.form.comment_prefix)

    def _starts_document(self, line: str) -> bool:
        return self.form.document_start is not None and line.split(maxsplit=1)[:1] == [self.form.document_start]

    def _read_comment(self, line: str) -> None:
        key, equals, value = line.removeprefix(self.form.comment_prefix or "").partition("=")
        if equals:
            self.metadata[key.strip()] = value.strip()

    def _read_row(self, number: int, line: str) -> None:
        cells = line.split("\t") if self.form.separator is Separator.TAB else re.split(r"[ \t]+", line.strip(" \t"))
        if len(cells) != len(self.form.columns):
            raise DataError(
                self.name,
                number,
                f"ragged line: {len(cells)} columns instead of {len(self.form.columns)} "
                f"({', '.join(self.form.columns)})",
            )
        self.rows.append([self._filled(number, *cell) for cell in zip(self.form.columns, cells, strict=True)])
        self.row_lines.append(number)

    def _filled(self, number: int, column: str, cell: str) -> str:
        if not cell and column == self.form.word and self.form.empty_word is not None:
            return self.form.empty_word
        if not cell and (column == self.form.word or self.form.missing != ""):
            raise DataError(self.name, number, f"column {column!r} is empty")
        return cell

    def _finish(self, number: int) -> Iterator[Sentence]:
        """Yields the sentence that ends before line ``number``, if one was begun."""
        if self.rows:
            yield self._sentence()
        elif "sent_id" in self.metadata:
            raise DataError(self.name, number, f"sentence {self.metadata['sent_id']!r} has no words")
        self.rows, self.row_lines, self.metadata = [], [], {}

    def _sentence(self) -> Sentence:
        self.count += 1
        place = Place(self.name, self.row_lines[0])
        values = dict(zip(self.form.columns, zip(*self.rows, strict=True), strict=True))
        texts = {"file": self.name, "document": self.document, **self.metadata}
        return Sentence(
            tokens=values[self.form.word],
            layers={task: self._layer(task, values[column]) for task, column in self.form.layers.items()},
            sent_id=self.metadata.get("sent_id", f"{Path(self.name).name}-{self.count}"),
            domain=self.form.domain.domain(texts, place) if self.form.domain else None,
            place=place,
        )

    def _layer(self, task: str, cells: tuple[str, ...]) -> list[str | float | None]:
        if task not in self.form.numeric:
            return [None if cell == self.form.missing else cell for cell in cells]
        return [
            None if cell == self.form.missing else self._number(cell, task, line)
            for cell, line in zip(cells, self.row_lines, strict=True)
        ]

    def _number(self, cell: str, task: str, line: int) -> float:
        try:
            return float(cell)
        except ValueError:
            raise DataError(self.name, line, f"task {task!r}: {cell!r} is not a number") from None
