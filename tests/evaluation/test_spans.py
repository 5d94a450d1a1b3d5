from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.errors import UserError
from hf_sluice.evaluation.spans import CORRECT, EXPECTED, PREDICTED, SpanLabels, count_spans, span_ends
from hf_sluice.tagging import spans_of
from hf_sluice.tasks import TaggingScheme

LABELS = {
    scheme: ["I-B", "O", *(f"{prefix}-{t}" for prefix in prefixes for t in "BA" if prefix + t != "IB")]
    for scheme, prefixes in (("IOB1", "BI"), ("IOB2", "BI"), ("BIOES", "BIES"))
}
cases = st.sampled_from(list(LABELS)).flatmap(
    lambda scheme: st.tuples(
        st.just(TaggingScheme(scheme)), st.lists(st.tuples(*[st.integers(0, len(LABELS[scheme]) - 1)] * 2), max_size=15)
    )
)


def spans(ids, scheme):
    return {tuple(span) for span in spans_of([LABELS[scheme][i] for i in ids], scheme)}


@given(cases)
def test_arrays_and_sequences_are_read_alike(case):
    scheme, pairs = case
    table = SpanLabels.of(LABELS[scheme], scheme)
    ids_N = np.array([first for first, _ in pairs], dtype=np.int64)
    ends_N = span_ends(ids_N, table)
    found = {(table.types[table.type_of[ids_N[i]] - 1], i, int(ends_N[i])) for i in np.flatnonzero(ends_N)}
    assert found == spans(ids_N, scheme)


@given(cases)
def test_counts_are_those_of_sets_of_spans(case):
    scheme, pairs = case
    table = SpanLabels.of(LABELS[scheme], scheme)
    predicted, expected = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    counts = count_spans(predicted, expected, table)
    for span_type, row in zip(table.types, counts, strict=True):
        of_type = [{span for span in spans(ids, scheme) if span[0] == span_type} for ids in (predicted, expected)]
        assert row[PREDICTED] == len(of_type[0])
        assert row[EXPECTED] == len(of_type[1])
        assert row[CORRECT] == len(of_type[0] & of_type[1])


def test_the_extra_id_is_outside_even_without_a_label_o():
    table = SpanLabels.of(["B-X", "I-X"], TaggingScheme.IOB2)
    ids_N = np.array([0, 1, table.outside, 1, 0])
    assert span_ends(ids_N, table).tolist() == [2, 0, 0, 4, 5]


def test_types_are_sorted_and_counted_in_that_order():
    table = SpanLabels.of(LABELS["IOB2"], TaggingScheme.IOB2)
    assert table.types == ("A", "B")
    only_b = np.array([LABELS["IOB2"].index("B-B")])
    assert count_spans(only_b, only_b, table).tolist() == [[0, 0, 0], [1, 1, 1]]


def test_labels_of_another_scheme_are_refused():
    with pytest.raises(UserError, match="'E-X' is not IOB2"):
        SpanLabels.of(["O", "E-X"], TaggingScheme.IOB2)
