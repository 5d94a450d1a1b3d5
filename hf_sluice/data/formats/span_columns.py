"""Bracketed columns of the CoNLL shared tasks (2005, 2011, 2012): ``(NP*``, ``*``, ``*))``, ``(GPE)``.

There is one cell per word. The same notation holds parse trees (brackets nest, labels are categories) and labelled
spans (arguments, names).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hf_sluice.data.constituents import Tree, TreeBuilder
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.sentence import Place

_CELL = re.compile(r"((?:\([^()*\s]+)*)(\*?)(\)*)")


def tree_of_column(cells: Sequence[str], tags: Sequence[str], words: Sequence[str], place: Place) -> Tree:
    """The tree whose brackets the cells hold; each ``*`` stands for the word under its tag.

    Args:
        cells: one per word.
        tags: the part-of-speech tags.
        words: the words.
        place: where the first word stands; the others follow on the next lines.

    Raises:
        DataError: brackets that do not match, several trees, a cell that is none.
    """
    position = 0

    def fail(message: str) -> DataError:
        return _error(place, position, f"parse column: {message}")

    builder = TreeBuilder(fail)
    for position, (cell, tag, word) in enumerate(zip(cells, tags, words, strict=True)):  # noqa: B007 (fail reads it)
        labels, has_star, closing = _parse(cell)
        if not has_star:
            raise fail(f"{cell!r} is not a piece of a tree such as (NP* or *)")
        for label in labels:
            builder.open(label)
        builder.leaf(tag, word)
        for _ in range(closing):
            builder.close()
    return builder.finish()


def spans_of_column(cells: Sequence[str], place: Place, what: str) -> list[Span]:
    """The labelled spans of a column in the order of their starts, an outer span before those within it.

    Args:
        cells: one per word.
        place: as for :func:`tree_of_column`.
        what: what the column holds, for error messages.

    Raises:
        DataError: brackets that do not match, or a cell that is none.
    """
    if all(cell == "*" for cell in cells):
        return []
    spans: list[Span | None] = []
    unclosed: list[tuple[int, str, int]] = []  # place in spans, label, start
    for i, cell in enumerate(cells):
        labels, has_star, closing = _parse(cell)
        if not has_star and not (labels and closing):
            raise _error(place, i, f"{what}: {cell!r} is not a bracketed cell such as (A*, *, *) or (A)")
        for label in labels:
            unclosed.append((len(spans), label, i))
            spans.append(None)
        if closing > len(unclosed):
            raise _error(place, i, f"{what}: a closing bracket without an opening one")
        for _ in range(closing):
            index, label, start = unclosed.pop()
            spans[index] = Span(label, start, i + 1)
    if unclosed:
        _, label, start = unclosed[-1]
        raise _error(place, start, f"{what}: ({label} is not closed in its sentence")
    return [span for span in spans if span is not None]


@lru_cache(maxsize=65536)
def _parse(cell: str) -> tuple[tuple[str, ...], bool, int]:
    """Labels that open, whether there is a ``*``, and how many brackets close; (), False, 0 for what is no cell."""
    match = _CELL.fullmatch(cell)
    if match is None:
        return (), False, 0
    opening, star, closing = match.groups()
    return tuple(opening.split("(")[1:]), bool(star), len(closing)


def _error(place: Place, offset: int, message: str) -> DataError:
    return DataError(place.path, None if place.line is None else place.line + offset, message)
