from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.data.chosen_tasks import keep_labelled, keep_tasks
from hf_sluice.data.domains import keep_domains
from hf_sluice.errors import UserError
from tests.data.layered_corpus import CHUNK, LENGTH, POS, ids, layered_corpus


@pytest.fixture(scope="module")
def corpus():
    return layered_corpus()


def test_the_tasks_are_those_asked_for_in_this_order(corpus):
    heavy = replace(POS, weight=3.0)
    kept = keep_tasks(corpus, [LENGTH, heavy])

    assert kept.tasks == (LENGTH, heavy)
    assert kept["train"].column_names == ["tokens", "length", "pos", "domain", "sent_id"]
    assert kept["test"].to_dict() == corpus["test"].select_columns(kept["test"].column_names).to_dict()
    assert kept.notes == corpus.notes


def test_sentences_without_any_of_the_tasks_are_left_out(corpus):
    kept = keep_labelled(keep_tasks(corpus, [CHUNK]))

    assert ids(kept) == [f"train-{i}" for i in range(60) if i % 5]
    assert ids(kept, "test") == [f"test-{i}" for i in range(30) if i % 5]
    assert kept["train"]["chunk"][:] == [labels for labels in corpus["train"]["chunk"] if labels is not None]


def test_one_task_is_enough_to_stay(corpus):
    kept = keep_labelled(keep_tasks(corpus, [CHUNK, POS]))

    assert ids(kept) == ids(corpus)


def test_a_split_of_which_nothing_is_left_is_refused(corpus):
    chosen = keep_domains(corpus, {"test": ["mail"]})
    chosen["test"] = chosen["test"].select([0])

    with pytest.raises(UserError, match=r"^split 'test': no sentence is left that carries one of chunk$"):
        keep_labelled(keep_tasks(chosen, [CHUNK]))
