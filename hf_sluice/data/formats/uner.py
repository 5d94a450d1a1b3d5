"""Files of Universal NER (``.iob2``): CoNLL-U-like sentences with one named-entity label per word.

Columns, separated by tabs: word number, form, IOB2 label, and possibly more. Lines that begin with ``#`` are comments;
``# sent_id = …`` names the sentence. A word line begins with a number, so a word ``#`` is no comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.data.reading import iter_lines
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COLUMNS = 3
_SENT_ID = "# sent_id ="


@dataclass(frozen=True, slots=True)
class NamedSentence:
    """One sentence: its id, its words, their labels as they stand in the file, and where its first word stands."""

    sent_id: str
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    place: Place


def read_uner(path: Path | str) -> Iterator[NamedSentence]:
    """Streams the sentences of a file.

    Raises:
        DataError: a row of fewer than three columns, word numbers out of order, a sentence without id, or what reading
            raises.
    """
    reader = _Reader(str(path))
    number = 0
    for number, line in iter_lines(path):
        if line.startswith(_SENT_ID):
            reader.sent_id = line[len(_SENT_ID) :].strip()
        elif line.strip() and not line.startswith("#"):
            reader.add(number, line)
        elif not line.strip() and reader.rows:
            yield reader.finish()
    if reader.rows:
        yield reader.finish()
    if not number:
        raise DataError(path, None, "the file is empty; sentences with named entities are expected")


class _Reader:
    """Collects the rows of a sentence."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._first = 0
        self.sent_id = ""
        self.rows: list[list[str]] = []

    def add(self, number: int, line: str) -> None:
        cells = line.split("\t")
        if len(cells) < _COLUMNS or not cells[1] or not cells[2]:
            raise DataError(self._name, number, "expected word number, form and label, separated by tabs")
        if cells[0] != str(len(self.rows) + 1):
            raise DataError(self._name, number, f"word number {cells[0]!r} where {len(self.rows) + 1} is expected")
        if not self.rows:
            self._first = number
        self.rows.append(cells)

    def finish(self) -> NamedSentence:
        if not self.sent_id:
            raise DataError(self._name, self._first, "the sentence has no id; '# sent_id = …' is expected before it")
        read = NamedSentence(
            sent_id=self.sent_id,
            tokens=tuple(row[1] for row in self.rows),
            labels=tuple(row[2] for row in self.rows),
            place=Place(self._name, self._first),
        )
        self.sent_id, self.rows = "", []
        return read
