"""Which label may follow which, so that the spans of a tagging scheme are well-formed.

IOB1 allows ``B-X`` only right after a span of type X; IOB2 allows ``I-X`` only inside a span of type X; BIOES demands
that each ``B-X`` is followed by any number of ``I-X`` and one ``E-X``. Sentence borders count as ``O``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_SCHEME = "none"
_OUTSIDE = "O"
_PREFIXES = {"IOB1": "BI", "IOB2": "BI", "BIOES": "BIES"}


class AllowedTransitions(NamedTuple):
    """What a scheme allows, for L labels in the order of their ids.

    Args:
        between: (L, L) bool; ``between[i, j]`` says whether label j may follow label i.
        start: (L,) bool; whether a label may open a sentence.
        end: (L,) bool; whether it may close one.
    """

    between: np.ndarray
    start: np.ndarray
    end: np.ndarray


def allowed_transitions(labels: Sequence[str], scheme: str) -> AllowedTransitions:
    """What a scheme (``none``, ``IOB1``, ``IOB2`` or ``BIOES``) allows.

    Raises:
        ValueError: unknown scheme, or a label that it does not have.
    """
    if scheme == NO_SCHEME:
        return AllowedTransitions(
            *(np.ones(shape, dtype=bool) for shape in ((len(labels),) * 2, len(labels), len(labels)))
        )
    if scheme not in _PREFIXES:
        raise ValueError(f"scheme {scheme!r} is none of {', '.join((NO_SCHEME, *_PREFIXES))}")
    border, *parts = [split_label(label, scheme) for label in (_OUTSIDE, *labels)]
    return AllowedTransitions(
        between=np.array([[_may_follow(before, after, scheme) for after in parts] for before in parts], dtype=bool),
        start=np.array([_may_follow(border, after, scheme) for after in parts], dtype=bool),
        end=np.array([_may_follow(before, border, scheme) for before in parts], dtype=bool),
    )


def impossible_length(allowed: AllowedTransitions) -> int | None:
    """The least number of tokens for which no sequence of labels is allowed; None where there is one for every number.

    Such label sets are those that lack ``O`` or the labels that close a span.
    """
    reached_L, length, seen = allowed.start, 1, set[bytes]()
    while reached_L.tobytes() not in seen:
        if not (reached_L & allowed.end).any():
            return length
        seen.add(reached_L.tobytes())
        reached_L, length = allowed.between[reached_L].any(axis=0), length + 1
    return None


@lru_cache(maxsize=4096)
def split_label(label: str, scheme: str) -> tuple[str, str]:
    """Prefix and type: ``("B", "PER")``, and ``("O", "")`` for ``O``.

    Raises:
        ValueError: the scheme (IOB1, IOB2 or BIOES) has no such label.
    """
    if label == _OUTSIDE:
        return _OUTSIDE, ""
    prefix, dash, span_type = label.partition("-")
    if len(prefix) != 1 or prefix not in _PREFIXES[scheme] or not dash or not span_type:
        raise ValueError(f"label {label!r} is not {scheme}: O, or one of {', '.join(_PREFIXES[scheme])}, - and a type")
    return prefix, span_type


def _may_follow(before: tuple[str, str], after: tuple[str, str], scheme: str) -> bool:
    same_type = before[1] == after[1]
    if scheme == "BIOES":
        if before[0] in "BI":
            return after[0] in "IE" and same_type
        return after[0] not in "IE"
    inside_only = "B" if scheme == "IOB1" else "I"
    return after[0] != inside_only or same_type
