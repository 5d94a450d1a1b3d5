import itertools

import numpy as np
import pytest

from hf_sluice.models.transitions import AllowedTransitions, allowed_transitions, impossible_length
from hf_sluice.tagging import is_allowed, is_valid
from hf_sluice.tasks import TaggingScheme

SCHEMES = ("IOB1", "IOB2", "BIOES")


def label_set(scheme):
    prefixes = "BIES" if scheme == "BIOES" else "BI"
    return ["O", *(f"{prefix}-{span_type}" for span_type in ("PER", "LOC", "B-2") for prefix in prefixes)]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_allowed_is_what_tagging_says(scheme):
    labels = label_set(scheme)
    allowed, named = allowed_transitions(labels, scheme), TaggingScheme(scheme)
    for i, before in enumerate(labels):
        assert allowed.start[i] == is_allowed(None, before, named)
        assert allowed.end[i] == is_allowed(before, None, named)
        assert allowed.between[i].tolist() == [is_allowed(before, after, named) for after in labels]


def test_without_a_scheme_everything_is_allowed():
    allowed = allowed_transitions(["B-A", "x", "I-B"], "none")
    assert [each.shape for each in allowed] == [(3, 3), (3,), (3,)]
    assert all(each.all() for each in allowed)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_order_of_the_labels_is_that_of_the_ids(scheme):
    labels = label_set(scheme)
    allowed, reordered = allowed_transitions(labels, scheme), allowed_transitions(labels[::-1], scheme)
    assert (reordered.between == allowed.between[::-1, ::-1]).all()
    assert (reordered.start == allowed.start[::-1]).all()
    assert (reordered.end == allowed.end[::-1]).all()


@pytest.mark.parametrize("label", ["", "B", "B-", "PER", "E-PER", "BPER", "b-PER"])
def test_a_label_that_the_scheme_does_not_have_is_named(label):
    with pytest.raises(ValueError, match=f"label '{label}' is not IOB2: O, or one of B, I, - and a type"):
        allowed_transitions(["O", label], "IOB2")


def test_an_unknown_scheme_is_named():
    with pytest.raises(ValueError, match="scheme 'BIO' is none of none, IOB1, IOB2, BIOES"):
        allowed_transitions(["O"], "BIO")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_least_length_without_a_sequence_is_found_for_every_label_set(scheme):
    """All label sets of one type, and what enumerating the sequences of up to six tokens says of them."""
    everything = ["O", *(f"{prefix}-X" for prefix in ("BIES" if scheme == "BIOES" else "BI"))]
    for size in range(1, len(everything) + 1):
        for labels in itertools.combinations(everything, size):
            lengths = [
                length
                for length in range(1, 7)
                if not any(is_valid(y, TaggingScheme(scheme)) for y in itertools.product(labels, repeat=length))
            ]
            assert impossible_length(allowed_transitions(labels, scheme)) == (lengths[0] if lengths else None), labels


@pytest.mark.parametrize(
    ("scheme", "labels", "length"),
    [
        ("BIOES", "B-X I-X", 1),
        ("BIOES", "B-X I-X E-X", 1),
        ("BIOES", "S-X B-X", None),
        ("BIOES", "O B-X I-X", None),
        ("IOB2", "I-X I-Y", 1),
        ("IOB2", "B-X", None),
        ("IOB1", "B-X B-Y", 1),
        ("IOB1", "I-X", None),
    ],
)
def test_lengths_by_hand(scheme, labels, length):
    assert impossible_length(allowed_transitions(labels.split(), scheme)) == length


def test_lengths_may_turn_out_impossible_only_later():
    allowed = allowed_transitions(["O", "B-X", "E-X"], "BIOES")
    allowed.between[0] = allowed.between[:, 0] = False  # O stands alone: one token, or any even number
    assert impossible_length(allowed) == 3


def test_lengths_are_reached_from_the_start():
    after_first = np.array([[False, True], [False, False]])
    allowed = AllowedTransitions(after_first, start=np.array([True, False]), end=np.array([True, True]))
    assert impossible_length(allowed) == 3
