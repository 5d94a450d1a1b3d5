"""PropBank skeletons (``.gold_skel``): annotation over words that are given elsewhere.

Columns, separated by spaces, a blank line after a sentence: document, sentence number and token number from 0,
``[WORD]``, part-of-speech tag, parse bit, frame file, roleset, and one bracketed column per predicate. Described in
``docs/conll-conversion-notes.md`` of https://github.com/propbank/propbank-release.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from hf_sluice.data.formats.predicate_columns import read_predicates
from hf_sluice.data.formats.row_blocks import read_blocks
from hf_sluice.data.formats.span_columns import tree_of_column
from hf_sluice.data.reading import iter_texts
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.sentence import Place
    from hf_sluice.data.srl import Predicate

_FIXED_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The annotation of one sentence.

    Args:
        document: as the file names it, for example ``google/ewt/weblog/00/….xml``.
        number: of the sentence in its document, from 0.
        tags: the Penn Treebank tag of each word.
        tree: the constituents, with ``[WORD]`` for every word.
        predicates: with their argument spans.
        place: where its first row stands.
    """

    document: str
    number: int
    tags: tuple[str, ...]
    tree: Tree
    predicates: tuple[Predicate, ...]
    place: Place


def read_skeletons(
    path: Path | str, suffix: str = ".gold_skel", *, faulty: list[DataError] | None = None
) -> Iterator[Skeleton]:
    """Streams the sentences of a file, or of the files in a tar archive whose names end in ``suffix``.

    Args:
        path: the file or archive.
        suffix: of the names of the files in an archive.
        faulty: takes the errors of faulty sentences, which are then left out; by default the first one is raised.

    Raises:
        DataError: rows of unequal width, numbers out of order, brackets that do not match, a predicate without its
            column, or what reading raises.
    """
    for name, lines in iter_texts(path, suffix):
        for has_words, rows in groupby(lines, key=lambda line: bool(line[1].strip())):
            if has_words:
                yield from _sentences(rows, name, faulty)


def _sentences(rows: Iterable[tuple[int, str]], name: str, faulty: list[DataError] | None) -> Iterator[Skeleton]:
    sentence = list(rows)  # read before anything is caught: what is wrong with the file is no fault of a sentence
    try:
        for place, columns in read_blocks(sentence, name, _FIXED_COLUMNS):
            yield _skeleton(columns, place)
    except DataError as error:
        if faulty is None:
            raise
        faulty.append(error)


def _skeleton(columns: Sequence[tuple[str, ...]], place: Place) -> Skeleton:
    documents, sentences, numbers, words, tags, bits, frames, rolesets = columns[:_FIXED_COLUMNS]
    _check_numbers(documents, sentences, numbers, place)
    return Skeleton(
        document=documents[0],
        number=int(sentences[0]),
        tags=tags,
        tree=tree_of_column(bits, tags, words, place),
        predicates=read_predicates(frames, rolesets, columns[_FIXED_COLUMNS:], place),
        place=place,
    )


def _check_numbers(documents: Sequence[str], sentences: Sequence[str], numbers: Sequence[str], place: Place) -> None:
    line = 0 if place.line is None else place.line
    for i, (document, sentence, number) in enumerate(zip(documents, sentences, numbers, strict=True)):
        if (document, sentence) != (documents[0], sentences[0]) or not sentence.isdecimal():
            raise DataError(
                place.path,
                line + i,
                f"sentence {sentence!r} of document {document!r} within sentence {sentences[0]!r} of {documents[0]!r}; "
                "one number and one document per sentence are expected",
            )
        if number != str(i):
            raise DataError(place.path, line + i, f"token number {number!r} where {i} is expected")
