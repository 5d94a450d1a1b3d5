"""Where the words of the Penn Treebank stand among the words of a MASC document.

The Treebank has words of its own, ``seven - month`` for ``seven-month``. 98 % of them have the same characters as a
word of the layer ``penn``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.corpora.masc_tokens import node_region

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.corpora.masc_archives import Document
    from hf_sluice.data.corpora.masc_tokens import Token


class _Piece(NamedTuple):
    """A word of the Treebank in the text: its characters, and its number in the document."""

    start: int
    end: int
    word: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of the Treebank in the text.

    Args:
        regions: per word of the Treebank its characters, None where it has no place that is surely its own.
        pieces: per word of the text the numbers of the Treebank's words that make it up, or hold it; empty where some
            of its characters are in none of them.
    """

    regions: tuple[tuple[int, int] | None, ...]
    pieces: tuple[tuple[int, ...], ...]


def align(trees: Sequence[Tree], document: Document, tokens: Sequence[Token], faults: Counter[str]) -> Alignment:
    """Finds the Treebank's words in the text by their characters.

    Args:
        trees: those of the document.
        document: its layers ``ptbtok`` and ``seg`` are read.
        tokens: the words of the text.
        faults: counts ``treebank word without place``: linked to no region, or to one that overlaps that of another
            word (punctuation that the text lacks is linked to the letter that follows it).

    Raises:
        DataError: what :func:`node_region` raises.
    """
    layer, segments = document.layers["ptbtok"], document.layers["seg"].regions
    regions = [node_region(node, layer, segments, len(document.text)) for tree in trees for node in tree.words()]
    placed = sorted(_Piece(*region, word) for word, region in enumerate(regions) if region and region[0] < region[1])
    overlapping = _overlapping(placed)
    sound = [piece for piece in placed if piece.word not in overlapping]
    places = {piece.word: (piece.start, piece.end) for piece in sound}
    faults["treebank word without place"] += len(regions) - len(sound)
    return Alignment(tuple(places.get(word) for word in range(len(regions))), tuple(_pieces(tokens, sound)))


def _overlapping(placed: Sequence[_Piece]) -> set[int]:
    found: set[int] = set()
    furthest = None
    for piece in placed:
        if furthest is not None and piece.start < furthest.end:
            found |= {furthest.word, piece.word}
        if furthest is None or piece.end > furthest.end:
            furthest = piece
    return found


def _pieces(tokens: Sequence[Token], placed: Sequence[_Piece]) -> list[tuple[int, ...]]:
    pieces = []
    first = 0
    for token in tokens:
        while first < len(placed) and placed[first].end <= token.start:
            first += 1
        last, covered = first, 0
        while last < len(placed) and placed[last].start < token.end:
            covered += min(placed[last].end, token.end) - max(placed[last].start, token.start)
            last += 1
        whole = covered == token.end - token.start
        pieces.append(tuple(piece.word for piece in placed[first:last]) if whole else ())
    return pieces
