"""Spans read from one label per word, as ``conlleval``, the script of the CoNLL shared tasks, reads them.

A word that is not ``O`` opens a span unless it continues that of the word before, which it does when it has the same
type, is neither ``B`` nor ``S``, and the word before is neither ``E`` nor ``S``. So labels that their scheme does not
allow are read, too, and well-formed ones as the scheme says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .transitions import split_label

if TYPE_CHECKING:
    from collections.abc import Sequence


class LabelSpan(NamedTuple):
    """Words ``start`` to ``end`` (exclusive) of a sentence, and their type."""

    type: str
    start: int
    end: int


def read_spans(labels: Sequence[str], scheme: str) -> list[LabelSpan]:
    """The spans of one sentence, in order.

    Args:
        labels: one per word.
        scheme: ``IOB1``, ``IOB2`` or ``BIOES``.

    Raises:
        ValueError: a label that the scheme does not have.
    """
    spans: list[LabelSpan] = []
    open_type = None  # of the span that the next word may continue
    for position, label in enumerate(labels):
        prefix, span_type = split_label(label, scheme)
        if prefix in "IE" and span_type == open_type:
            spans[-1] = spans[-1]._replace(end=position + 1)
        elif prefix != "O":
            spans.append(LabelSpan(span_type, position, position + 1))
        open_type = span_type if prefix in "BI" else None
    return spans
