"""Labelled spans of words, and their IOB2 labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Span(NamedTuple):
    """The words ``start`` to ``end`` (not included), counted from 0, under a label."""

    label: str
    start: int
    end: int


def outermost(spans: Iterable[Span]) -> list[Span]:
    """The spans that lie in no other, from left to right.

    Of two that begin together the longer is taken, of equal ones the first given, of crossing ones the left.
    """
    taken: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not taken or span.start >= taken[-1].end:
            taken.append(span)
    return taken


def iob2_labels(spans: Iterable[Span], length: int) -> list[str]:
    """The IOB2 labels of a sentence's words.

    Args:
        spans: not overlapping.
        length: the number of words.
    """
    labels = ["O"] * length
    for label, start, end in spans:
        labels[start] = f"B-{label}"
        labels[start + 1 : end] = [f"I-{label}"] * (end - start - 1)
    return labels
