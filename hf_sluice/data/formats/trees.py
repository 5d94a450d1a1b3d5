"""Files of bracketed constituent trees in the style of the Penn Treebank.

A tree may span several lines, and several trees may share one. The outermost bracket may have no label
(``( (S …))``): it is dropped around a single constituent, and called ``TOP`` around several. Words keep the
Treebank's escapes (``-LRB-``), labels their function tags.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hf_sluice.data.constituents import Tree, TreeBuilder
from hf_sluice.data.reading import iter_lines
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_PIECE = re.compile(r"[()]|[^()\s]+")


def iter_trees(path: Path | str) -> Iterator[Tree]:
    """Streams the trees of a file.

    Raises:
        DataError: brackets that do not match, a constituent without parts or label, text outside the brackets.
    """
    for _, tree in read_trees(iter_lines(path), str(path)):
        yield tree


def read_trees(lines: Iterable[tuple[int, str]], name: str) -> Iterator[tuple[int, Tree]]:
    """Streams the trees that numbered lines hold.

    Args:
        lines: line numbers and lines.
        name: the file's name, for error messages.

    Yields:
        The number of the line on which a tree begins, and the tree.

    Raises:
        DataError: as :func:`iter_trees`.
    """
    reader = _Reader(name)
    for number, line in lines:
        for piece in _PIECE.findall(line):
            tree = reader.read(piece, number)
            if tree is not None:
                yield reader.first_line, tree
    reader.check_end()


class _Reader:
    """Takes brackets, labels and words one by one and gives a tree when its last bracket closes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 0
        self.first_line = 0
        self._begin()

    def _begin(self) -> None:
        self._builder = TreeBuilder(self._error)
        self._pending: list[str] | None = None  # label and word behind the last opening bracket

    def _error(self, message: str) -> DataError:
        return DataError(self._name, self._line, message)

    def read(self, piece: str, line: int) -> Tree | None:
        """Takes the next piece, a bracket or a text; gives a tree that it completes; raises DataError at a fault."""
        self._line = line
        if piece == "(":
            self._open()
        elif piece == ")":
            return self._close()
        elif self._pending is None:
            raise self._error(f"{piece!r} is no part of a bracket; (LABEL …) or (TAG word) is expected")
        elif len(self._pending) == 2:  # noqa: PLR2004 (a tag and a word)
            raise self._error(f"{piece!r} follows the word {self._pending[1]!r}; a bracket holds one tag and one word")
        else:
            self._pending.append(piece)
        return None

    def _open(self) -> None:
        if self._builder.depth == 0 and self._pending is None:
            self.first_line = self._line
        else:
            self._flush()
        self._pending = []

    def _flush(self) -> None:
        """Opens the constituent whose label was read last: a bracket follows it, so it is no word."""
        if self._pending is None:
            return
        if len(self._pending) > 1:
            raise self._error(f"a bracket follows the word {self._pending[1]!r}; a closing bracket is expected")
        if not self._pending and self._builder.depth:
            raise self._error("a bracket without a label; only the outermost may have none")
        self._builder.open(self._pending[0] if self._pending else "")

    def _close(self) -> Tree | None:
        match self._pending:
            case None:
                self._builder.close()
            case [tag, word] if self._builder.depth:
                self._builder.leaf(tag, word)
            case [tag, word]:
                raise self._error(f"the word ({tag} {word}) is not inside a constituent")
            case parts:
                raise self._error(f"constituent ({' '.join(parts)}) is empty; it should hold a word or a constituent")
        self._pending = None
        if self._builder.depth:
            return None
        tree = self._builder.finish()
        self._begin()
        return _without_outer_bracket(tree)

    def check_end(self) -> None:
        unclosed = self._builder.depth + (self._pending is not None)
        if unclosed:
            raise DataError(
                self._name,
                self.first_line,
                f"the tree that begins here lacks {unclosed} closing brackets at the end of the file",
            )


def _without_outer_bracket(tree: Tree) -> Tree:
    if tree.label:
        return tree
    if len(tree.children) == 1 and not tree.children[0].is_leaf:
        return tree.children[0]
    return Tree("TOP", tree.children)
