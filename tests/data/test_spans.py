from __future__ import annotations

import itertools
import random

from hf_sluice.data.spans import Span, iob2_labels, outermost


def test_labels_of_spans():
    spans = [Span("PER", 1, 3), Span("PER", 3, 4), Span("LOC", 5, 6)]
    assert iob2_labels(spans, 7) == ["O", "B-PER", "I-PER", "B-PER", "O", "B-LOC", "O"]


def test_outermost_takes_the_longer_the_first_and_the_left():
    longer, inner = Span("A", 0, 4), Span("B", 0, 2)
    assert outermost([inner, longer]) == [longer]
    same = Span("C", 0, 4)
    assert outermost([longer, same]) == [longer]
    crossing = Span("D", 3, 6)
    assert outermost([crossing, longer]) == [longer]


def test_outermost_spans_never_overlap_and_cover_every_outer_span():
    generator = random.Random(0)
    for _ in range(500):
        starts = [generator.randrange(10) for _ in range(6)]
        spans = [Span(str(i), start, start + generator.randint(1, 5)) for i, start in enumerate(starts)]
        taken = outermost(spans)
        assert all(left.end <= right.start for left, right in itertools.pairwise(taken))
        for span in spans:
            assert span in taken or any(other.start < span.end and span.start < other.end for other in taken)
