from __future__ import annotations

import pytest

from hf_sluice.data.disjoint_sentences import separate_sentences
from hf_sluice.data.domains import keep_domains
from hf_sluice.errors import UserError
from tests.data.layered_corpus import ids, layered_corpus


@pytest.fixture(scope="module")
def corpus():
    return layered_corpus()


def carriers(corpus, task):
    return {row["sent_id"] for row in corpus["train"] if row[task] is not None}


def test_every_sentence_carries_one_task(corpus):
    dealt = separate_sentences(corpus, {"chunk": 20, "pos": 13})

    assert (len(carriers(dealt, "chunk")), len(carriers(dealt, "pos"))) == (20, 13)
    assert carriers(dealt, "chunk").isdisjoint(carriers(dealt, "pos"))
    assert carriers(dealt, "chunk") | carriers(dealt, "pos") == set(ids(dealt))
    assert carriers(dealt, "length") == set()


def test_the_layers_that_stay_are_the_corpuss_own_and_in_its_order(corpus):
    originals = {row["sent_id"]: row for row in corpus["train"]}
    dealt = separate_sentences(corpus, {"chunk": 20, "pos": 13})

    for row in dealt["train"]:
        assert {k: v for k, v in row.items() if v is not None}.items() <= originals[row["sent_id"]].items()
    assert ids(dealt) == sorted(ids(dealt), key=ids(corpus).index)
    assert dealt["train"].features == corpus["train"].features
    assert dealt.notes == ("note", "train: 20 sentences for chunk alone", "train: 13 sentences for pos alone")


def test_the_other_splits_stay(corpus):
    assert separate_sentences(corpus, {"pos": 1})["test"].to_dict() == corpus["test"].to_dict()


def test_a_task_has_the_same_sentences_whatever_the_later_ones_get(corpus):
    alone = carriers(separate_sentences(corpus, {"chunk": 20}), "chunk")

    assert carriers(separate_sentences(corpus, {"chunk": 20, "pos": 30}), "chunk") == alone
    assert carriers(separate_sentences(corpus, {"chunk": 10}), "chunk") < alone
    assert carriers(separate_sentences(corpus, {"chunk": 20}, seed=1), "chunk") != alone


def test_sentences_are_dealt_out_at_random(corpus):
    assert carriers(separate_sentences(corpus, {"pos": 20}), "pos") != set(ids(corpus)[:20])


def test_all_sentences_can_be_dealt_out(corpus):
    dealt = separate_sentences(corpus, {"chunk": 48, "pos": 12})

    assert ids(dealt) == ids(corpus)
    assert carriers(dealt, "pos") == {f"train-{i}" for i in range(0, 60, 5)}


def test_a_choice_can_be_dealt_out(corpus):
    dealt = separate_sentences(keep_domains(corpus, "news"), {"pos": 10, "length": 10})

    assert [corpus.domains[number] for number in dealt["train"]["domain"]] == ["news"] * 20


def test_too_many_sentences_and_unknown_tasks_are_refused(corpus):
    with pytest.raises(UserError, match=r"^disjoint_sentences: 49 sentences for 'chunk', but only 48 are left$"):
        separate_sentences(corpus, {"chunk": 49})
    with pytest.raises(UserError, match=r"^disjoint_sentences: 1 sentences for 'pos', but only 0 are left$"):
        separate_sentences(corpus, {"length": 60, "pos": 1})
    with pytest.raises(UserError, match=r"^disjoint_sentences: there is no task 'ner'; there is pos, chunk, length$"):
        separate_sentences(corpus, {"ner": 1})
