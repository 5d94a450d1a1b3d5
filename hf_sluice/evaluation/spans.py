"""Spans of many sentences at once, on arrays of label ids.

The reading of a sequence is that of :func:`hf_sluice.tagging.spans_of`, and so that of ``conlleval``. All sentences lie
in one array of N positions, each followed by a position that is outside of every span.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.tagging import OUTSIDE, split_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hf_sluice.tasks import TaggingScheme

CORRECT, PREDICTED, EXPECTED = range(3)  # the columns of what count_spans returns


@dataclass(frozen=True)
class SpanLabels:
    """What each label id of a task says about spans.

    The arrays have L + 1 entries: one per label, and a last one, ``outside``, for positions to be read as ``O``.

    Args:
        types: the types of spans, sorted.
        type_of: per label id the index of its type in ``types`` plus one, 0 for ``O``.
        opens: whether the label always opens a span (``B``, ``S``).
        closes: whether no label can continue the span after this one (``E``, ``S``).
    """

    types: tuple[str, ...]
    type_of: NDArray[np.int64]
    opens: NDArray[np.bool_]
    closes: NDArray[np.bool_]

    @classmethod
    def of(cls, labels: Sequence[str], scheme: TaggingScheme) -> SpanLabels:
        """Reads the label set of a task; raises UserError for a label that the scheme does not have."""
        parts = [*(split_label(label, scheme) for label in labels), (OUTSIDE, "")]
        types = tuple(sorted({span_type for _, span_type in parts if span_type}))
        index = {"": 0, **{span_type: i for i, span_type in enumerate(types, start=1)}}
        return cls(
            types=types,
            type_of=np.array([index[span_type] for _, span_type in parts], dtype=np.int64),
            opens=np.array([prefix in "BS" for prefix, _ in parts]),
            closes=np.array([prefix in "ES" for prefix, _ in parts]),
        )

    @property
    def outside(self) -> int:
        """The id that is read as ``O`` whatever the label set is."""
        return len(self.type_of) - 1


def span_ends(ids_N: NDArray[np.int64], labels: SpanLabels) -> NDArray[np.int64]:
    """Per position the end (exclusive) of the span that starts there, 0 where none starts."""
    type_N = labels.type_of[ids_N]
    continues_N = np.zeros(len(ids_N), dtype=bool)
    continues_N[1:] = (type_N[1:] == type_N[:-1]) & ~labels.opens[ids_N[1:]] & ~labels.closes[ids_N[:-1]]
    inside_N = type_N > 0
    starts_N = inside_N & ~continues_N
    goes_on_N = np.append(continues_N[1:], False)
    ends_N = np.zeros(len(ids_N), dtype=np.int64)
    ends_N[starts_N] = np.flatnonzero(inside_N & ~goes_on_N) + 1
    return ends_N


def count_spans(predicted_N: NDArray[np.int64], expected_N: NDArray[np.int64], labels: SpanLabels) -> NDArray[np.int64]:
    """Counts spans per type: (types, 3), the columns ``CORRECT``, ``PREDICTED`` and ``EXPECTED``.

    A predicted span is correct when an expected one has the same start, end and type.
    """
    predicted_ends_N, expected_ends_N = span_ends(predicted_N, labels), span_ends(expected_N, labels)
    predicted_type_N, expected_type_N = labels.type_of[predicted_N], labels.type_of[expected_N]
    correct_N = (expected_ends_N > 0) & (predicted_ends_N == expected_ends_N) & (predicted_type_N == expected_type_N)
    columns = (
        expected_type_N[correct_N],
        predicted_type_N[predicted_ends_N > 0],
        expected_type_N[expected_ends_N > 0],
    )
    size = len(labels.types) + 1
    return np.stack([np.bincount(types, minlength=size)[1:] for types in columns], axis=1)
