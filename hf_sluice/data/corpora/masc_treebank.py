"""The Penn Treebank layers of a MASC document: its trees, and where their words stand among the words of the text.

The Treebank has words of its own (``ptbtok``): ``seven - month`` for ``seven-month``. 98 % of them have the same
characters as a word of the layer ``penn``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.constituents import EMPTY_ELEMENT, Tree, without_empty_elements
from hf_sluice.data.corpora.masc_tokens import node_region
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from hf_sluice.data.corpora.masc_archives import Document
    from hf_sluice.data.corpora.masc_tokens import Token
    from hf_sluice.data.formats.graf import GrafLayer

_TRACE = "Trace"
_NUMBER = re.compile(r"[0-9]+$")
_BRACKETS = frozenset({"LRB", "RRB", "LSB", "RSB"})


def read_trees(document: Document) -> list[Tree]:
    """The trees of a document in the order of the text, without traces; the word of a leaf is its node.

    Constituents are labelled with their category and, behind a hyphen, their function tags. The edges of a trace lead
    to what it stands for and belong to no tree. Constituents without words are left out.

    Raises:
        DataError: not one root, a node in two constituents, a node that there is not, a word without tag.
    """
    words, trees = document.layers["ptbtok"], document.layers["ptb"]
    if len(trees.roots) != 1:
        raise DataError(trees.name, None, f"{len(trees.roots)} roots; one, which holds all trees, is expected")
    children = _children(trees, words)
    built = (_build(node, children, trees, words) for node in children.get(trees.roots[0], []))
    filled = (without_empty_elements(tree) for tree in built)
    return [Tree("TOP", (tree,)) if tree.is_leaf else tree for tree in filled if tree is not None]


def _children(trees: GrafLayer, words: GrafLayer) -> dict[str, list[str]]:
    """Per constituent its parts in the order of the text, which is that of the numbers in their ids."""
    children: dict[str, list[str]] = {}
    parents: dict[str, str] = dict.fromkeys(trees.roots, "")
    for parent, parts in trees.edges.items():
        if parent not in trees.roots and trees.label(parent) == _TRACE:
            continue
        for part in parts:
            if part not in trees.links and part not in words.links:
                raise DataError(trees.name, None, f"node {parent!r} has an edge to {part!r}, which is not there")
            if part in parents:
                raise DataError(
                    trees.name, None, f"node {part!r} lies in {parents[part] or 'nothing'!r} and {parent!r}"
                )
            parents[part] = parent
        children[parent] = sorted(parts, key=lambda node: _number(node, trees.name))
    return children


def _number(node: str, name: str) -> int:
    found = _NUMBER.search(node)
    if found is None:
        raise DataError(name, None, f"the id {node!r} does not end in a number, which gives its place in the text")
    return int(found[0])


def _build(top: str, children: dict[str, list[str]], trees: GrafLayer, words: GrafLayer) -> Tree:
    order, stack = [], [top]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(reversed(children.get(node, ())))
    built: list[Tree] = []
    for node in reversed(order):  # all parts of a node come before it, the first part last
        parts = tuple(built.pop() for _ in children.get(node, ()))
        if node in words.links:
            built.append(Tree(_tag(node, words), word=node))
        elif parts:
            built.append(Tree(_category(node, trees), parts))
        else:
            built.append(Tree(EMPTY_ELEMENT, word=node))
    return built.pop()


def _category(node: str, trees: GrafLayer) -> str:
    category, functions = trees.feature(node, "cat"), trees.feature(node, "roles")
    if not category:
        raise DataError(trees.name, None, f"constituent {node!r} has no feature 'cat', its category")
    return f"{category}-{functions}" if functions else category


def _tag(node: str, words: GrafLayer) -> str:
    tag = words.feature(node, "msd")
    if not tag:
        raise DataError(words.name, None, f"word {node!r} has no feature 'msd', its tag")
    return f"-{tag}-" if tag in _BRACKETS else tag


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
