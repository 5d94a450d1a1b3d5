from __future__ import annotations

import pytest

from hf_sluice.data.corpora.masc_alignment import Alignment
from hf_sluice.data.corpora.masc_projection import project_chunks, project_roles, project_tags
from hf_sluice.data.corpora.masc_tokens import Token
from hf_sluice.data.spans import Span

# text:      seven-month | old | cannot    | U.S.    | gone
# Treebank:  seven - month old   can | not   U . | S.   (nothing)
TOKENS = [Token(*place, "w", "X", "") for place in ((0, 11), (12, 15), (16, 19), (19, 22), (23, 27), (28, 32))]
PLACES = ((0, 5), (5, 6), (6, 11), (12, 15), (16, 22), (23, 27))
ALIGNMENT = Alignment(PLACES, ((0, 1, 2), (3,), (4,), (4,), (5,), ()))


def test_tags_of_words_with_the_same_characters():
    assert project_tags("abcdef", ALIGNMENT, TOKENS) == [None, "d", None, None, "f", None]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("OOOOOO", "OOOOO-"),
        ("OOAOOB", "AOOOB-"),
        ("AOAOOO", "-OOOO-"),  # two head words in one word of the text
        ("OOOOAO", "OO--O-"),  # a head word in two
        ("-OOAOO", "-AOOO-"),  # a piece of which nothing is known
    ],
)
def test_roles_of_the_one_head_word_in_a_word(roles: str, expected: str):
    found = project_roles([None if role == "-" else role for role in roles], ALIGNMENT, TOKENS)
    assert "".join(role or "-" for role in found) == expected


def chunks(labels: str):
    full = [{"B": "B-NP", "I": "I-NP", "V": "B-VP", "O": "O"}[label] for label in labels]
    return project_chunks(full, ALIGNMENT)


def test_chunks_over_words_that_are_made_of_their_words():
    assert chunks("BIIIVO") == ([Span("NP", 0, 2), Span("VP", 2, 4)], set())
    assert chunks("OOOOVB") == ([Span("VP", 2, 4), Span("NP", 4, 5)], set())
    assert chunks("OOOBBB") == ([Span("NP", 1, 2), Span("NP", 2, 4), Span("NP", 4, 5)], set())


def test_words_in_which_a_chunk_begins_or_ends_are_masked():
    assert chunks("OBIIOO") == ([], {0, 1})
    assert chunks("BVIOOO"[:3].replace("I", "O") + "OOB") == ([Span("NP", 4, 5)], {0})


def test_a_chunk_of_words_without_place_is_none():
    nowhere = Alignment((None,), ((),))
    assert project_chunks(["B-NP"], nowhere) == ([], set())


def test_a_chunk_with_a_word_that_is_in_no_tree_is_masked():
    gap = Alignment(((0, 1), (4, 5)), ((0,), (), (1,)))
    assert project_chunks(["B-NP", "I-NP"], gap) == ([], {0, 2})
