"""Lexical expressions: words, and multiword expressions with or without a gap, under a supersense."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

MULTIWORD = "MWE"
"""The label of a span that is a multiword expression."""


class Expression(NamedTuple):
    """A lexical expression. Every word of a sentence is in one.

    Args:
        words: their places in the sentence, counted from 0, rising; they need not stand side by side.
        supersense: as the corpus writes it (``n.GROUP``), or "" where there is none.
    """

    words: tuple[int, ...]
    supersense: str

    @property
    def is_multiword(self) -> bool:
        """Whether it has more than one word."""
        return len(self.words) > 1

    @property
    def has_gap(self) -> bool:
        """Whether other words stand between its words."""
        return self.words[-1] - self.words[0] >= len(self.words)

    @property
    def end_before_gap(self) -> int:
        """Where its first words that stand side by side end; that place is not included."""
        return next((left + 1 for left, right in pairwise(self.words) if right != left + 1), self.words[-1] + 1)


def multiword_spans(expressions: Iterable[Expression]) -> list[Span]:
    """The multiword expressions without a gap.

    This is the scheme of three labels of Schneider et al. (2014), "Discriminative Lexical Semantic Segmentation with
    Gaps": what is interrupted cannot be written by ``B`` and ``I``, and counts as single words.
    """
    return [
        Span(MULTIWORD, expression.words[0], expression.end_before_gap)
        for expression in expressions
        if expression.is_multiword and not expression.has_gap
    ]


def supersense_spans(expressions: Iterable[Expression], beginnings: tuple[str, ...]) -> list[Span]:
    """The expressions that have a supersense, each a span; one with a gap is marked by its words before the gap.

    Args:
        expressions: those of a sentence.
        beginnings: of the supersenses that count, for example ``n.``.
    """
    return [
        Span(expression.supersense, expression.words[0], expression.end_before_gap)
        for expression in expressions
        if expression.supersense.startswith(beginnings)
    ]
