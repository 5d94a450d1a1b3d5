from __future__ import annotations

import random
from collections import Counter

import pytest

from hf_sluice.data.corpora.demo_lexicon import join_lexicons, parse_lexicon

TEXT = """
city: Paris Lima
    Oslo
city ~ 0.25: Ash Oak | ton
    ford ville
frame hire: org person | hire sign
"""


def drawn(lexicon, category, times=4000):
    draw = random.Random(0).random
    return Counter(lexicon.draw(category, draw) for _ in range(times))


def test_an_indented_line_continues_the_one_before():
    lexicon = parse_lexicon(TEXT)

    assert lexicon.words["city"] == ["Paris", "Lima", "Oslo"]
    assert lexicon.coinings["city"].groups == (("Ash", "Oak"), ("ton", "ford", "ville"))


def test_a_frame_is_a_category_of_verbs_with_two_classes_of_nouns():
    lexicon = parse_lexicon(TEXT)

    assert lexicon.words["hire"] == ["hire", "sign"]
    assert lexicon.frames == {"hire": ("org", "person")}


def test_first_words_are_drawn_more_often():
    counts = drawn(parse_lexicon("x: a b c d e f"), "x")

    assert [word for word, _ in counts.most_common()] == list("abcdef")


def test_coined_words_are_as_frequent_as_said_and_made_of_all_parts():
    counts = drawn(parse_lexicon(TEXT), "city")
    coined = {word: count for word, count in counts.items() if word not in ("Paris", "Lima", "Oslo")}

    assert set(coined) == {first + last for first in ("Ash", "Oak") for last in ("ton", "ford", "ville")}
    assert sum(coined.values()) / counts.total() == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("number", [0.0, 1 - 2**-53])
def test_the_smallest_and_the_largest_number_draw_a_word(number):
    assert parse_lexicon("x: a b c").draw("x", lambda: number) == ("a" if number == 0 else "c")


def test_joined_lexicons_alternate_and_keep_each_word_once():
    joined = join_lexicons(parse_lexicon("x: a b c d\ny: q"), parse_lexicon("x: A b C\nz: r"))

    assert joined.words == {"x": ["a", "A", "b", "c", "C", "d"], "y": ["q"], "z": ["r"]}


def test_of_two_coinings_or_frames_the_second_counts():
    first = parse_lexicon("x ~ 0.1: a | b\nframe f: p q | v")
    second = parse_lexicon("x ~ 0.9: c | d\nframe f: r s | w")

    assert join_lexicons(first, second).coinings == second.coinings
    assert join_lexicons(first, second).frames == {"f": ("r", "s")}
