from __future__ import annotations

from collections import Counter

import pytest

from hf_sluice.data.corpora.document_split import split_documents, split_genre, split_sentence
from hf_sluice.data.sentence import Sentence


def test_tenths_of_the_words_are_held_out():
    lengths = {f"d{i}": 90 + i % 20 for i in range(200)}
    splits = split_documents("blog", lengths)
    words = Counter()
    for name, split in splits.items():
        words[split] += lengths[name]
    total = sum(lengths.values())
    assert set(splits) == set(lengths)
    for split in ("test", "validation"):
        assert 0.09 * total < words[split] <= 0.1 * total


def test_it_is_the_same_in_every_order_and_another_in_another_genre():
    lengths = {f"d{i}": 100 for i in range(50)}
    splits = split_documents("blog", lengths)
    assert split_documents("blog", dict(reversed(lengths.items()))) == splits
    assert split_documents("email", lengths) != splits


def test_it_is_fixed():
    splits = split_documents("blog", dict.fromkeys(map(str, range(10)), 100))
    assert [name for name, split in splits.items() if split == "test"] == ["5"]
    assert [name for name, split in splits.items() if split == "validation"] == ["7"]


def test_the_shortest_is_held_out_where_none_is_short_enough():
    assert split_documents("blog", {"a": 50, "b": 30, "c": 20}) == {"a": "train", "b": "validation", "c": "test"}
    assert split_documents("blog", {"c": 1, "b": 1, "a": 1}) == {"a": "test", "b": "validation", "c": "train"}


def test_two_documents_are_too_few():
    assert split_documents("blog", {"a": 5, "b": 5}) is None


@pytest.mark.parametrize(
    ("total", "expected"), [(10, "ttttttttve"), (9, "tttttttve"), (3, "tte"), (1, "e"), (25, "t" * 20 + "vv" + "eee")]
)
def test_sentences_are_split_in_order(total: int, expected: str):
    found = [split_sentence(i, total) for i in range(total)]
    assert "".join({"train": "t", "validation": "v", "test": "e"}[split] for split in found) == expected


def sentences(document: str, count: int) -> list[Sentence]:
    return [Sentence(["w"] * 10, {}, f"{document}-{i}") for i in range(count)]


def test_the_sentences_of_a_document_stay_together():
    documents = {name: sentences(name, count) for name, count in {"a": 5, "b": 3, "c": 2}.items()}
    found = [(split, sentence.sent_id) for split, sentence in split_genre("blog", documents)]
    splits = split_documents("blog", {"a": 50, "b": 30, "c": 20})
    assert splits is not None
    assert found == [(splits[name], s.sent_id) for name in documents for s in documents[name]]


def test_few_documents_are_each_split_within():
    found = [split for split, _ in split_genre("blog", {"a": sentences("a", 10), "b": sentences("b", 3)})]
    assert found == [*(split_sentence(i, 10) for i in range(10)), *(split_sentence(i, 3) for i in range(3))]
