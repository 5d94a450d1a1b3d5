from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB1, IOB2, IOBES, Entities

from hf_sluice.errors import UserError
from hf_sluice.tagging import (
    SPAN_SCHEMES,
    Span,
    convert,
    count_invalid,
    is_allowed,
    is_valid,
    label_set,
    labels_of,
    repair,
    spans_of,
    split_label,
)
from hf_sluice.tasks import TaggingScheme

SCHEMES = (TaggingScheme.IOB1, TaggingScheme.IOB2, TaggingScheme.BIOES)
SEQEVAL_SCHEMES = {TaggingScheme.IOB1: IOB1, TaggingScheme.IOB2: IOB2, TaggingScheme.BIOES: IOBES}
TYPES = ("PER", "LOC", "B-2")
schemes = st.sampled_from(SCHEMES)


def labels_in(scheme: TaggingScheme) -> list[str]:
    prefixes = "BIES" if scheme is TaggingScheme.BIOES else "BI"
    return ["O", *(f"{prefix}-{span_type}" for prefix in prefixes for span_type in TYPES)]


@st.composite
def sequences(draw: st.DrawFn) -> tuple[list[str], TaggingScheme]:
    """Any labels of a scheme, mostly ill-formed."""
    scheme = draw(schemes)
    return draw(st.lists(st.sampled_from(labels_in(scheme)), max_size=12)), scheme


@st.composite
def sentences_of_spans(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Spans that do not overlap, and the length of their sentence."""
    spans, position = [], 0
    for gap, size, span_type in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4), st.sampled_from(TYPES)), max_size=6)
    ):
        spans.append(Span(span_type, position + gap, position + gap + size))
        position += gap + size
    return spans, position + draw(st.integers(0, 2))


@pytest.mark.parametrize("scheme", SPAN_SCHEMES)
def test_a_label_set_has_all_labels_of_a_scheme_and_one_order(scheme):
    labels = label_set(TYPES, scheme)
    assert sorted(labels) == sorted(labels_in(scheme))
    assert labels[0] == "O"
    assert labels == label_set(reversed(TYPES), scheme)


def test_the_schemes_of_spans_are_all_but_none():
    assert (*SPAN_SCHEMES, "none") == (*SCHEMES, TaggingScheme.NONE)


@given(sequences())
def test_spans_of_any_sequence_are_those_of_seqeval(case):
    labels, scheme = case
    expected = [(span_type, start, last + 1) for span_type, start, last in get_entities(labels)]
    assert [tuple(span) for span in spans_of(labels, scheme)] == expected


@given(sentences_of_spans(), schemes)
def test_spans_of_well_formed_labels_are_those_of_the_strict_reading(sentence, scheme):
    spans, length = sentence
    labels = labels_of(spans, length, scheme)
    strict = Entities([labels], scheme=SEQEVAL_SCHEMES[scheme]).entities[0]
    assert [(entity.tag, entity.start, entity.end) for entity in strict] == [tuple(span) for span in spans]


def test_ill_formed_sequences_open_spans_where_conlleval_does():
    assert spans_of(["O", "I-PER"], TaggingScheme.IOB2) == [Span("PER", 1, 2)]
    assert spans_of(["B-LOC", "I-PER"], TaggingScheme.IOB2) == [Span("LOC", 0, 1), Span("PER", 1, 2)]
    assert spans_of(["I-PER", "B-PER"], TaggingScheme.IOB1) == [Span("PER", 0, 1), Span("PER", 1, 2)]
    assert spans_of(["B-PER", "I-PER"], TaggingScheme.BIOES) == [Span("PER", 0, 2)]
    assert spans_of(["E-PER", "I-PER"], TaggingScheme.BIOES) == [Span("PER", 0, 1), Span("PER", 1, 2)]
    assert spans_of(["S-PER", "E-PER"], TaggingScheme.BIOES) == [Span("PER", 0, 1), Span("PER", 1, 2)]


@given(sentences_of_spans(), schemes)
def test_labels_of_spans_are_well_formed_and_read_back(sentence, scheme):
    spans, length = sentence
    labels = labels_of(spans, length, scheme)
    assert len(labels) == length
    assert is_valid(labels, scheme)
    assert spans_of(labels, scheme) == spans


@given(sentences_of_spans(), schemes, schemes)
def test_conversions_lose_nothing(sentence, source, target):
    labels = labels_of(*sentence, source)
    converted = convert(labels, source, target)
    assert converted == labels_of(*sentence, target)
    assert convert(converted, target, source) == labels


@given(sequences())
def test_a_well_formed_sequence_is_the_only_one_with_its_spans(case):
    labels, scheme = case
    assert (repair(labels, scheme) == labels) == is_valid(labels, scheme)


@given(sequences())
def test_repair_keeps_the_spans_and_converting_demands_it(case):
    labels, scheme = case
    repaired = repair(labels, scheme)
    assert is_valid(repaired, scheme)
    assert spans_of(repaired, scheme) == spans_of(labels, scheme)
    if repaired != labels:
        with pytest.raises(UserError, match=f"not a well-formed {scheme} sequence"):
            convert(labels, scheme, TaggingScheme.IOB2)


@given(sequences())
def test_the_count_of_invalid_transitions_is_their_sum(case):
    labels, scheme = case
    pairs = zip([None, *labels], [*labels, None], strict=True)
    assert count_invalid(labels, scheme) == sum(not is_allowed(before, after, scheme) for before, after in pairs)
    assert (count_invalid(labels, scheme) == 0) == is_valid(labels, scheme)


@pytest.mark.parametrize(
    ("scheme", "labels", "invalid"),
    [
        (TaggingScheme.IOB1, "I-A I-A B-A I-B", 0),
        (TaggingScheme.IOB1, "B-A O B-A", 2),
        (TaggingScheme.IOB1, "I-A B-B", 1),
        (TaggingScheme.IOB2, "B-A I-A B-A O", 0),
        (TaggingScheme.IOB2, "I-A O I-A I-B", 3),
        (TaggingScheme.BIOES, "B-A I-A E-A S-A B-B E-B", 0),
        (TaggingScheme.BIOES, "B-A", 1),
        (TaggingScheme.BIOES, "E-A S-A I-A", 3),
        (TaggingScheme.BIOES, "B-A E-B O", 1),
    ],
)
def test_invalid_transitions_by_hand(scheme, labels, invalid):
    assert count_invalid(labels.split(), scheme) == invalid


@pytest.mark.parametrize("label", ["", "B", "B-", "PER", "X-PER", "BPER", "b-PER", "BI-PER", "-PER", "E-PER"])
def test_a_label_that_the_scheme_does_not_have_is_named(label):
    with pytest.raises(UserError, match=f"label '{label}' is not IOB2: O, or one of B, I followed by"):
        spans_of(["O", label], TaggingScheme.IOB2)


def test_types_may_hold_dashes():
    assert split_label("B-R-ARG0", TaggingScheme.IOB2) == ("B", "R-ARG0")


def test_a_scheme_that_marks_no_spans_has_none():
    with pytest.raises(UserError, match="'none' marks no spans"):
        spans_of(["O"], TaggingScheme.NONE)
    with pytest.raises(UserError, match="'none' marks no spans"):
        labels_of([], 3, TaggingScheme.NONE)


@pytest.mark.parametrize(
    "spans", [[Span("A", 1, 1)], [Span("A", 0, 2), Span("B", 1, 3)], [Span("A", 3, 5)], [Span("A", -1, 1)]]
)
def test_spans_that_cannot_be_written_are_refused(spans):
    with pytest.raises(UserError, match="empty, overlaps, or leaves 4 tokens"):
        labels_of(spans, 4, TaggingScheme.IOB2)
