from __future__ import annotations

import random

from hf_sluice.data.spans import Span
from hf_sluice.data.srl import Predicate, head_words, srl_labels

# The lawyer who won said that she paid .   (heads as in Universal Dependencies)
HEADS = [2, 5, 4, 2, 0, 8, 8, 5, 5]
WON = Predicate(3, "win", "win.01", (Span("ARG0", 0, 2), Span("R-ARG0", 2, 3), Span("V", 3, 4)))
SAID = Predicate(4, "say", "say.01", (Span("ARG0", 0, 4), Span("V", 4, 5), Span("ARG1", 5, 8)))
PAID = Predicate(7, "pay", "pay.01", (Span("ARG0", 6, 7), Span("V", 7, 8)))


def test_head_word_is_the_one_whose_head_lies_outside():
    assert head_words(Span("ARG0", 0, 4), HEADS) == [1]
    assert head_words(Span("ARG1", 5, 8), HEADS) == [7]


def test_the_root_heads_every_span_around_it():
    assert head_words(Span("X", 0, 9), HEADS) == [4]


def test_a_span_of_two_constituents_has_two_head_words():
    assert head_words(Span("X", 0, 2), [3, 3, 0]) == [0, 1]


def test_sentence():
    labels = srl_labels([WON, SAID, PAID], HEADS)
    # "lawyer" is ARG0 of both verbs: "won" is nearer. "paid" is ARG1 of "said" but a predicate itself.
    assert labels == ["O", "ARG0", "R-ARG0", "V", "V", "O", "ARG0", "V", "O"]


def test_the_nearest_predicate_decides_and_the_left_one_of_two_at_the_same_distance():
    left = Predicate(0, "a", "a.01", (Span("ARG1", 1, 3),))
    right = Predicate(4, "b", "b.01", (Span("ARG0", 2, 3),))
    heads = [0, 3, 1, 1, 1]
    assert srl_labels([left, right], heads)[2] == "ARG1"
    assert srl_labels([right, left], heads)[2] == "ARG1"
    nearer = Predicate(3, "c", "c.01", (Span("ARG2", 2, 3),))
    assert srl_labels([left, nearer], heads)[2] == "ARG2"


def test_the_first_span_of_one_predicate_decides():
    predicate = Predicate(0, "a", "a.01", (Span("ARG1", 1, 3), Span("ARGM-TMP", 2, 3)))
    assert srl_labels([predicate], [0, 3, 1]) == ["V", "O", "ARG1"]


def test_only_the_word_of_the_roleset_is_v():
    predicate = Predicate(0, "pick", "pick.04", (Span("V", 0, 2), Span("ARG1", 2, 3)))
    assert srl_labels([predicate], [0, 1, 1]) == ["V", "O", "ARG1"]


def test_no_predicates_give_no_labels():
    assert srl_labels([], [2, 0]) == ["O", "O"]


def test_the_order_of_the_predicates_does_not_matter():
    generator = random.Random(3)
    for _ in range(300):
        heads = [generator.randrange(12) for _ in range(12)]
        predicates = []
        for index in generator.sample(range(12), 4):
            starts = sorted(generator.sample(range(11), 3))
            spans = tuple(Span(f"ARG{i}", s, generator.randint(s + 1, 12)) for i, s in enumerate(starts))
            predicates.append(Predicate(index, "x", "x.01", spans))
        labels = srl_labels(predicates, heads)
        generator.shuffle(predicates)
        assert srl_labels(predicates, heads) == labels
        assert [i for i, label in enumerate(labels) if label == "V"] == sorted(p.index for p in predicates)
