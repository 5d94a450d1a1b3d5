"""The words of column files, whatever their other columns are."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_column_lines
from hf_sluice.errors import DataError
from hf_sluice.prediction.sentences import UntaggedSentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hf_sluice.data.reading import NumberedLines

COLUMNS_HEADER = "# global.columns = "
"""How a first line begins that names tab-separated columns (CoNLL-U Plus)."""

_DOCUMENT_START = "-DOCSTART-"


def read_word_column(
    name: str, lines: NumberedLines, word: str | None = None, separator: Separator = Separator.WHITESPACE
) -> Iterator[UntaggedSentence]:
    """Streams the sentences of one column file.

    Every word has as many columns as the first one. Where the first line names the columns (``# global.columns = FORM
    pos``, as ``hf-sluice predict`` writes it), they are separated by tabs, and ``-DOCSTART-`` is a word like others;
    elsewhere it begins a document.

    Args:
        name: what error messages call the file.
        lines: its lines.
        word: the column that holds the words: its number, from 1, or its name. By default FORM where the columns have
            names and this is one of them, else the first.
        separator: what stands between columns that have no names.

    Raises:
        DataError: no such column, a ragged line, an empty word, or no sentences.
    """
    first = next(lines, None)
    if first and first[1].startswith(COLUMNS_HEADER):
        columns = tuple(first[1].removeprefix(COLUMNS_HEADER).split())
        form = ColumnFormat(
            columns, {}, _choose(name, 1, columns, word), separator=Separator.TAB, document_start=None, missing=""
        )
    else:
        begun = list(_up_to_first_word(lines if first is None else chain([first], lines)))
        lines = chain(begun, lines)
        columns = _numbered(begun[-1][1] if begun else "", separator)
        chosen = _choose(name, begun[-1][0] if begun else None, columns, word)
        form = ColumnFormat(columns, {}, chosen, separator=separator, document_start=_DOCUMENT_START, missing="")
    for sentence in read_column_lines(name, lines, form):
        yield UntaggedSentence(sentence.tokens, sentence.place)


def _up_to_first_word(lines: NumberedLines) -> NumberedLines:
    for number, line in lines:
        yield number, line
        if line.strip() and line.split(maxsplit=1)[0] != _DOCUMENT_START:
            return


def _numbered(line: str, separator: Separator) -> tuple[str, ...]:
    cells = line.split("\t") if separator is Separator.TAB else re.split(r"[ \t]+", line.strip(" \t"))
    return tuple(str(number) for number in range(1, len(cells) + 1))


def _choose(name: str, line: int | None, columns: tuple[str, ...], word: str | None) -> str:
    if not columns:
        raise DataError(name, line, "the names of the columns are missing")
    if word is None:
        return "FORM" if "FORM" in columns else columns[0]
    if word.isdecimal() and 0 < int(word) <= len(columns):
        return columns[int(word) - 1]
    if word not in columns:
        raise DataError(name, line, f"no column {word!r} for the words; the columns are {', '.join(columns)}")
    return word
