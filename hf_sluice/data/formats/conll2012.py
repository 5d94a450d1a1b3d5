"""OntoNotes 5.0 in the format of the CoNLL-2012 shared task (``*_conll``).

Columns: document, part, word number, word, part-of-speech tag, parse bit, predicate lemma, frameset, word sense,
speaker, names in brackets, one column of arguments per predicate, coreference. ``#begin document`` and
``#end document`` stand around each part (https://cemantix.org/conll/2012/data.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.data.formats.predicate_columns import read_predicates
from hf_sluice.data.formats.row_blocks import read_blocks
from hf_sluice.data.formats.span_columns import spans_of_column, tree_of_column
from hf_sluice.data.reading import iter_texts
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.sentence import Place
    from hf_sluice.data.spans import Span
    from hf_sluice.data.srl import Predicate

_FIXED_COLUMNS = 11
_BLANKED = "[WORD]"
_NO_LAYER = "-"
_NO_BRACKETS = frozenset({"-", "*"})
_NO_TAG = frozenset({"-", "XX"})


@dataclass(frozen=True, slots=True)
class OntoNotesSentence:
    """One sentence with its layers; None for a layer that the file does not have for it.

    Args:
        document: its id, for example ``bc/cctv/00/cctv_0000``.
        sent_id: ``<document>/<part>/<number>``, the number counted from 0 within the part.
        tokens: the words as they stand, with the Treebank's escapes.
        tags: their Penn Treebank tags; None where there is no tree and no word has a tag (``XX``, ``-``).
        tree: the constituents; None where the parse column holds no bracket.
        names: the named entities; None where the column holds ``-`` only.
        predicates: with their argument spans.
        place: where the first row stands.
    """

    document: str
    sent_id: str
    tokens: tuple[str, ...]
    tags: tuple[str, ...] | None
    tree: Tree | None
    names: tuple[Span, ...] | None
    predicates: tuple[Predicate, ...]
    place: Place


def read_conll2012(path: Path | str, suffix: str = "_conll") -> Iterator[OntoNotesSentence]:
    """Streams the sentences of a file, or of the files in a tar archive whose names end in ``suffix``.

    Raises:
        DataError: rows of unequal width, word numbers out of order, brackets that do not match, a predicate without its
            column, words that are blanked (as in ``*_skel`` files), or what reading raises.
    """
    for name, lines in iter_texts(path, suffix):
        part: tuple[str, str] | None = None
        number = 0
        for place, columns in read_blocks(lines, name, _FIXED_COLUMNS + 1):
            number = number + 1 if part == (columns[0][0], columns[1][0]) else 0
            part = (columns[0][0], columns[1][0])
            yield _sentence(columns, number, place)


def _sentence(columns: Sequence[tuple[str, ...]], number: int, place: Place) -> OntoNotesSentence:
    documents, parts, numbers, words, tags, bits, lemmas, framesets, _senses, _speakers, names = columns[
        :_FIXED_COLUMNS
    ]
    _check_rows(documents, numbers, words, place)
    parsed = not _NO_BRACKETS.issuperset(bits)
    return OntoNotesSentence(
        document=documents[0],
        sent_id=f"{documents[0]}/{parts[0]}/{number}",
        tokens=words,
        tags=None if not parsed and _NO_TAG.issuperset(tags) else tags,
        tree=tree_of_column(bits, tags, words, place) if parsed else None,
        names=None if set(names) == {_NO_LAYER} else tuple(spans_of_column(names, place, "names")),
        predicates=read_predicates(lemmas, framesets, columns[_FIXED_COLUMNS:-1], place),
        place=place,
    )


def _check_rows(documents: Sequence[str], numbers: Sequence[str], words: Sequence[str], place: Place) -> None:
    line = 0 if place.line is None else place.line
    for i, (document, number) in enumerate(zip(documents, numbers, strict=True)):
        if document != documents[0]:
            raise DataError(place.path, line + i, f"document {document!r} in a sentence of {documents[0]!r}")
        if number != str(i):
            raise DataError(place.path, line + i, f"word number {number!r} where {i} is expected")
    if set(words) == {_BLANKED}:
        raise DataError(
            place.path, place.line, f"the words are blanked ({_BLANKED}); the files with words (*_conll) are expected"
        )
