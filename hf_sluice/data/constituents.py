"""Constituent trees: immutable, and safe at any depth because nothing here recurses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EMPTY_ELEMENT = "-NONE-"
"""The tag of traces and other elements of the Penn Treebank that are no words."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tree:
    """A constituent, or (with a word and no children) one word under its part-of-speech tag.

    Args:
        label: the category with its function tags and indices (``NP-SBJ-1``), or the word's tag.
        children: the parts in order; at least one unless this is a word.
        word: the word of a leaf, None for a constituent.
    """

    label: str
    children: tuple[Tree, ...] = ()
    word: str | None = None

    @property
    def is_leaf(self) -> bool:
        """Whether this is a single word under its tag."""
        return self.word is not None

    @property
    def category(self) -> str:
        """The label without function tags and indices: ``NP`` for ``NP-SBJ-1`` and ``NP=2``; tags as ``-LRB-`` stay."""
        if self.label.startswith("-"):
            return self.label
        return self.label.partition("-")[0].partition("=")[0]

    def preorder(self) -> Iterator[Tree]:
        """This node, then all below it, each before its parts, from left to right."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def leaves(self) -> list[Tree]:
        """The words in order."""
        return [node for node in self.preorder() if node.is_leaf]

    def tags(self) -> list[str]:
        """The part-of-speech tags of the words."""
        return [leaf.label for leaf in self.leaves()]

    def words(self) -> list[str]:
        """The words."""
        return [leaf.word for leaf in self.leaves() if leaf.word is not None]

    def __str__(self) -> str:
        parts: list[str] = []
        stack: list[Tree | str] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                parts.append(node)
            elif node.is_leaf:
                parts.append(f" ({node.label} {node.word})")
            else:
                parts.append(f" ({node.label}")
                stack.append(")")
                stack.extend(reversed(node.children))
        return "".join(parts).lstrip()

    def __repr__(self) -> str:
        return f"<Tree {self}>"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, Tree) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


class TreeBuilder:
    """Builds one tree from brackets that open and close, in the order in which they are read.

    Args:
        fail: raises the error for a message; it knows the place.
    """

    def __init__(self, fail: Callable[[str], Exception]) -> None:
        self._fail = fail
        self._labels: list[str] = []
        self._children: list[list[Tree]] = []
        self._root: Tree | None = None

    @property
    def depth(self) -> int:
        """How many constituents are open."""
        return len(self._labels)

    def open(self, label: str) -> None:
        """Begins a constituent."""
        if self._root is not None:
            raise self._fail(f"({label} begins after the end of the tree; one tree is expected")
        self._labels.append(label)
        self._children.append([])

    def leaf(self, tag: str, word: str) -> None:
        """Adds a word to the constituent that is open."""
        if not self._labels:
            raise self._fail(f"the word {word!r} ({tag}) stands outside all brackets")
        self._children[-1].append(Tree(tag, word=word))

    def close(self) -> None:
        """Ends the constituent that was opened last."""
        if not self._labels:
            raise self._fail("a closing bracket without an opening one")
        label, children = self._labels.pop(), self._children.pop()
        if not children:
            raise self._fail(f"constituent ({label}) is empty; it should hold a word or a constituent")
        self._add(Tree(label, tuple(children)))

    def _add(self, tree: Tree) -> None:
        if self._children:
            self._children[-1].append(tree)
        else:
            self._root = tree

    def finish(self) -> Tree:
        """The whole tree."""
        if self._labels:
            raise self._fail(f"{len(self._labels)} brackets are not closed, the innermost is ({self._labels[-1]}")
        if self._root is None:
            raise self._fail("no bracket was opened; a tree is expected")
        return self._root


def without_empty_elements(tree: Tree) -> Tree | None:
    """The tree without ``-NONE-`` leaves (traces) and the constituents that hold nothing else; None if none is left."""
    nodes = list(tree.preorder())
    if not any(node.label == EMPTY_ELEMENT for node in nodes):
        return tree
    built: list[Tree | None] = []
    for node in reversed(nodes):  # all parts of a node come before it, the first part last
        parts = [built.pop() for _ in node.children]
        kept = tuple(part for part in parts if part is not None)
        if node.is_leaf:
            built.append(None if node.label == EMPTY_ELEMENT else node)
        else:
            built.append(Tree(node.label, kept) if kept else None)
    return built.pop()
