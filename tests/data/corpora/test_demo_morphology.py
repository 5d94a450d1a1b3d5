from __future__ import annotations

import pytest

from hf_sluice.data.corpora.demo_morphology import inflect


@pytest.mark.parametrize(
    ("verb", "third", "past", "gerund"),
    [
        ("cook", "cooks", "cooked", "cooking"),
        ("slice", "slices", "sliced", "slicing"),
        ("chop", "chops", "chopped", "chopping"),
        ("plan", "plans", "planned", "planning"),
        ("dry", "dries", "dried", "drying"),
        ("stay", "stays", "stayed", "staying"),
        ("wash", "washes", "washed", "washing"),
        ("visit", "visits", "visited", "visiting"),
        ("fix", "fixes", "fixed", "fixing"),
        ("heat", "heats", "heated", "heating"),
    ],
)
def test_regular_verbs(verb, third, past, gerund):
    assert [inflect(verb, tag) for tag in ("VBZ", "VBD", "VBN", "VBG")] == [third, past, past, gerund]


@pytest.mark.parametrize(
    ("lexeme", "forms"),
    [
        ("give/gave/given", ["give", "gives", "gave", "given", "giving"]),
        ("see/saw/seen", ["see", "sees", "saw", "seen", "seeing"]),
        ("put/put/put/putting", ["put", "puts", "put", "put", "putting"]),
    ],
)
def test_irregular_verbs(lexeme, forms):
    assert [inflect(lexeme, tag) for tag in ("VB", "VBZ", "VBD", "VBN", "VBG")] == forms


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("book", "books"),
        ("city", "cities"),
        ("day", "days"),
        ("dish", "dishes"),
        ("box", "boxes"),
        ("fish", "fish"),
        ("tomato/tomatoes", "tomatoes"),
        ("photo", "photos"),
        ("railwoman", "railwomen"),
    ],
)
def test_nouns(noun, plural):
    assert inflect(noun, "NNS") == plural
    assert inflect(noun, "NN") == noun.split("/")[0]


@pytest.mark.parametrize("tag", ["VB", "VBP", "NN", "NNP", "JJ", "RB", "MD"])
def test_other_tags_take_the_base_form(tag):
    assert inflect("show/showed/shown", tag) == "show"
