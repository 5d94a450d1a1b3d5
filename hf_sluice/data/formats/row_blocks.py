"""Sentences as blocks of rows of equal width, as the CoNLL formats with predicate columns have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def read_blocks(
    lines: Iterable[tuple[int, str]], name: str, minimum: int
) -> Iterator[tuple[Place, list[tuple[str, ...]]]]:
    """Groups rows into sentences; a blank line, or one that begins with ``#begin`` or ``#end``, ends a sentence.

    Args:
        lines: line numbers and lines; cells are separated by spaces and tabs.
        name: the file's name, for error messages.
        minimum: how many columns there are at least.

    Yields:
        The place of the sentence's first row, and its columns (not its rows), one cell per word each.

    Raises:
        DataError: a row that is shorter than ``minimum`` or not as long as the first of its sentence.
    """
    rows: list[list[str]] = []
    first = 0
    for number, line in lines:
        cells = [] if line.startswith(("#begin", "#end")) else line.split()
        if cells:
            first = first if rows else number
            _check_width(cells, rows, minimum, Place(name, number))
            rows.append(cells)
        elif rows:
            yield Place(name, first), list(zip(*rows, strict=True))
            rows = []
    if rows:
        yield Place(name, first), list(zip(*rows, strict=True))


def _check_width(cells: Sequence[str], rows: Sequence[Sequence[str]], minimum: int, place: Place) -> None:
    if len(cells) < minimum:
        raise DataError(place.path, place.line, f"{len(cells)} columns; at least {minimum} are expected")
    if rows and len(cells) != len(rows[0]):
        raise DataError(
            place.path,
            place.line,
            f"{len(cells)} columns, but the sentence began with {len(rows[0])}; one width is expected",
        )
