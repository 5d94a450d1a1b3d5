from __future__ import annotations

import pytest

from hf_sluice.data.corpora.parts import Part, read_parts
from hf_sluice.errors import UserError


def test_a_part_is_named_after_its_corpus_unless_it_names_one():
    parts = read_parts({"gum": None, "ewt": {"tasks": ["pos"]}, "my-tweets": {"corpus": "broad_twitter"}})

    assert parts == {
        "gum": Part(corpus="gum"),
        "ewt": Part(corpus="ewt", tasks=["pos"]),
        "my-tweets": Part(corpus="broad_twitter"),
    }
    assert list(parts) == ["gum", "ewt", "my-tweets"]


def test_sizes_are_those_of_the_splits_named():
    assert Part(corpus="gum").sizes == {}
    assert Part(corpus="gum", max_sentences={"train": 5, "test": 2}).sizes == {"train": 5, "test": 2}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (None, "parts: expected a mapping of names to corpora, not None"),
        ({}, "parts: expected a mapping of names to corpora, not {}"),
        (["gum"], "parts: expected a mapping of names to corpora, not ['gum']"),
        ({"a/b": None}, "parts: 'a/b' is no name; it should be made of letters, digits, '_' and '-'"),
        ({1: None}, "parts: 1 is no name; it should be made of letters, digits, '_' and '-'"),
        ({"gum": ["pos"]}, "parts.gum should be a mapping of fields, not ['pos']"),
        ({"gum": {"task": ["pos"]}}, "parts.gum: task is no field of a part; did you mean tasks?"),
        ({"gum": {"tasks": "pos"}}, "parts.gum: tasks: Input should be a valid list, not 'pos'"),
        ({"gum": {"tasks": []}}, "parts.gum: tasks should not be empty"),
        ({"gum": {"domains": "bio"}}, "parts.gum: domains: Input should be a valid list, not 'bio'"),
        ({"gum": {"corpus": None}}, "parts.gum: corpus: Input should be a valid string, not None"),
        ({"gum": {"max_sentences": 5}}, "parts.gum: max_sentences should be a mapping of fields, not 5"),
        (
            {"gum": None, "ewt": {"max_sentences": {"train": 0}}},
            "parts.ewt: max_sentences.train: Input should be greater than 0, not 0",
        ),
    ],
)
def test_what_makes_no_sense_is_named(parts, message):
    with pytest.raises(UserError) as caught:
        read_parts(parts)
    assert str(caught.value) == message
