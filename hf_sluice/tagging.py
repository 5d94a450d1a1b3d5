"""Spans written as one label per token: reading them, writing them, and what is well-formed.

How a sequence is read (:func:`spans_of`), also one that its scheme does not allow, follows the ``conlleval`` script of
the CoNLL shared tasks: a token that is not ``O`` opens a span unless it continues the span of the token before it, and
it continues that span when it has the same type, is not itself ``B`` or ``S``, and the token before is neither ``E``
nor ``S``. So in ``O I-PER`` and in ``B-LOC I-PER`` the ``I-PER`` opens a span, and a span without its ``E`` counts too.
On well-formed sequences this is what the scheme says.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.errors import UserError
from hf_sluice.tasks import TaggingScheme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUTSIDE = "O"
_PREFIXES = {TaggingScheme.IOB1: "BI", TaggingScheme.IOB2: "BI", TaggingScheme.BIOES: "BIES"}

SPAN_SCHEMES = tuple(_PREFIXES)
"""The schemes that mark spans."""


class Span(NamedTuple):
    """Tokens ``start`` to ``end`` (exclusive) of a sentence, and their type."""

    type: str
    start: int
    end: int


def label_set(types: Iterable[str], scheme: TaggingScheme) -> tuple[str, ...]:
    """All labels that a scheme has for some types of spans: ``O``, then the others sorted.

    Args:
        types: of the spans.
        scheme: one of :data:`SPAN_SCHEMES`.
    """
    return (OUTSIDE, *sorted(f"{prefix}-{span_type}" for span_type in types for prefix in _PREFIXES[scheme]))


@lru_cache(maxsize=4096)
def split_label(label: str, scheme: TaggingScheme) -> tuple[str, str]:
    """Prefix and type of a label: ``("B", "PER")``, and ``("O", "")`` for ``O``.

    Raises:
        UserError: the scheme marks no spans or has no such label.
    """
    if scheme not in _PREFIXES:
        raise UserError(f"tagging scheme {str(scheme)!r} marks no spans; use IOB1, IOB2 or BIOES")
    if label == OUTSIDE:
        return OUTSIDE, ""
    prefix, dash, span_type = label.partition("-")
    if len(prefix) != 1 or prefix not in _PREFIXES[scheme] or not dash or not span_type:
        expected = ", ".join(_PREFIXES[scheme])
        raise UserError(f"label {label!r} is not {scheme}: O, or one of {expected} followed by - and a type")
    return prefix, span_type


def spans_of(labels: Sequence[str], scheme: TaggingScheme) -> list[Span]:
    """The spans of one sentence in order of their start, read as the module's docstring says.

    Raises:
        UserError: a label that the scheme does not have.
    """
    spans: list[Span] = []
    before = (OUTSIDE, "")
    for position, label in enumerate(labels):
        parts = split_label(label, scheme)
        if _continues(before, parts):
            spans[-1] = spans[-1]._replace(end=position + 1)
        elif parts[0] != OUTSIDE:
            spans.append(Span(parts[1], position, position + 1))
        before = parts
    return spans


def _continues(before: tuple[str, str], parts: tuple[str, str]) -> bool:
    return parts[0] in "IE" and before[0] in "BI" and before[1] == parts[1]


def labels_of(spans: Iterable[Span], length: int, scheme: TaggingScheme) -> list[str]:
    """Writes spans as the labels of a sentence of ``length`` tokens; :func:`spans_of` reads them back.

    Raises:
        UserError: spans that are empty, overlap, or reach over the sentence; a scheme that marks no spans.
    """
    split_label(OUTSIDE, scheme)
    labels = [OUTSIDE] * length
    before = Span("", 0, 0)
    for span in sorted(spans, key=lambda span: span.start):
        if not before.end <= span.start < span.end <= length:
            raise UserError(
                f"span {span.type} [{span.start}, {span.end}) is empty, overlaps, or leaves {length} tokens"
            )
        touches = span.start == before.end and span.type == before.type
        prefixes = _prefixes_of(span.end - span.start, touches, scheme)
        labels[span.start : span.end] = [f"{prefix}-{span.type}" for prefix in prefixes]
        before = span
    return labels


def _prefixes_of(size: int, touches: bool, scheme: TaggingScheme) -> str:
    if scheme is TaggingScheme.BIOES:
        return "S" if size == 1 else "B" + "I" * (size - 2) + "E"
    # IOB1 writes B only where nothing else would tell a span from the one of its type right before it.
    opens_with_b = scheme is TaggingScheme.IOB2 or touches
    return ("B" if opens_with_b else "I") + "I" * (size - 1)


def convert(labels: Sequence[str], source: TaggingScheme, target: TaggingScheme) -> list[str]:
    """The same spans in another scheme. Nothing is lost: converting back gives ``labels`` again.

    Raises:
        UserError: ``labels`` is not well-formed (:func:`repair` makes it so).
    """
    if not is_valid(labels, source):
        raise UserError(f"{' '.join(labels)}: not a well-formed {source} sequence")
    return labels_of(spans_of(labels, source), len(labels), target)


def repair(labels: Sequence[str], scheme: TaggingScheme) -> list[str]:
    """The well-formed sequence with the spans that :func:`spans_of` reads from ``labels``."""
    return labels_of(spans_of(labels, scheme), len(labels), scheme)


def is_allowed(previous: str | None, current: str | None, scheme: TaggingScheme) -> bool:
    """Whether ``current`` may follow ``previous``; None stands for the border of the sentence.

    IOB1 allows ``B-X`` only right after a span of type X, where it is needed; IOB2 allows ``I-X`` only inside a span of
    type X; BIOES demands that each ``B-X`` is followed by any number of ``I-X`` and one ``E-X``.
    """
    before = split_label(previous or OUTSIDE, scheme)
    prefix, span_type = split_label(current or OUTSIDE, scheme)
    if scheme is TaggingScheme.BIOES:
        return _continues(before, (prefix, span_type)) if before[0] in "BI" else prefix not in "IE"
    needs_same_type = "B" if scheme is TaggingScheme.IOB1 else "I"
    return prefix != needs_same_type or before[1] == span_type


def count_invalid(labels: Sequence[str], scheme: TaggingScheme) -> int:
    """Transitions of one sentence, its two borders included, that the scheme does not allow."""
    pairs = zip((None, *labels), (*labels, None), strict=True)
    return sum(not is_allowed(previous, current, scheme) for previous, current in pairs)


def is_valid(labels: Sequence[str], scheme: TaggingScheme) -> bool:
    """Whether the labels of one sentence are well-formed in the scheme."""
    return count_invalid(labels, scheme) == 0
