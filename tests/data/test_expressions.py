from __future__ import annotations

import pytest

from hf_sluice.data.expressions import Expression, multiword_spans, supersense_spans
from hf_sluice.data.spans import Span

WORD = Expression((4,), "n.FOOD")
WHOLE = Expression((2, 3), "")
GAPPY = Expression((0, 1, 5), "v.social")
EXPRESSIONS = [GAPPY, WHOLE, WORD]


@pytest.mark.parametrize(
    ("expression", "is_multiword", "has_gap", "end"),
    [(WORD, False, False, 5), (WHOLE, True, False, 4), (GAPPY, True, True, 2), (Expression((1, 3), ""), True, True, 2)],
)
def test_words_and_gaps(expression: Expression, is_multiword: bool, has_gap: bool, end: int):
    assert (expression.is_multiword, expression.has_gap, expression.end_before_gap) == (is_multiword, has_gap, end)


def test_multiword_expressions_with_a_gap_are_no_spans():
    assert multiword_spans(EXPRESSIONS) == [Span("MWE", 2, 4)]


def test_a_supersense_marks_the_words_before_the_gap():
    assert supersense_spans(EXPRESSIONS, ("n.", "v.")) == [Span("v.social", 0, 2), Span("n.FOOD", 4, 5)]


def test_other_supersenses_do_not_count():
    assert supersense_spans(EXPRESSIONS, ("n.",)) == [Span("n.FOOD", 4, 5)]
