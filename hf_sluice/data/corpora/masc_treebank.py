"""The Penn Treebank trees of a MASC document, over words of their own (``ptbtok``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hf_sluice.data.constituents import EMPTY_ELEMENT, Tree, without_empty_elements
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from hf_sluice.data.corpora.masc_archives import Document
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
    placed = set(trees.roots)
    for parent, parts in trees.edges.items():
        if parent not in trees.roots and trees.label(parent) == _TRACE:
            continue
        for part in parts:
            if part not in trees.links and part not in words.links:
                raise DataError(trees.name, None, f"node {parent!r} has an edge to {part!r}, which is not there")
            if part in placed:
                raise DataError(trees.name, None, f"node {part!r}, in {parent!r}, is the root or lies elsewhere, too")
            placed.add(part)
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
