from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.derived_tasks import add_derived_task
from hf_sluice.data.domains import keep_domains
from hf_sluice.data.sampling import limit_sentences
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task
from tests.data.layered_corpus import CHUNK, LENGTH, POS, layered_corpus


@pytest.fixture(scope="module")
def corpus():
    return layered_corpus()


def layer(corpus, task, split="train"):
    return dict(zip(corpus[split]["sent_id"][:], corpus[split][task][:], strict=True))


def gaps(labels):
    return None if labels is None else [label is None for label in labels]


@pytest.mark.parametrize("source", [POS, CHUNK, LENGTH], ids=lambda task: task.name)
def test_a_copy_is_the_source_under_another_name(corpus, source):
    derived = add_derived_task(corpus, "twin", source.name, "copy")

    assert derived.tasks == (*corpus.tasks, replace(source, name="twin", weight=1.0))
    for split in corpus:
        assert layer(derived, "twin", split) == layer(corpus, source.name, split)
        assert derived[split].features["twin"] == corpus[split].features[source.name]


@pytest.mark.parametrize("source", [POS, CHUNK], ids=lambda task: task.name)
def test_random_labels_are_of_the_sources_set_and_stand_where_it_has_labels(corpus, source):
    derived = add_derived_task(corpus, "noise", source.name, "random")

    assert derived.tasks == (*corpus.tasks, Task("noise", source.labels))
    for split in corpus:
        theirs, ours = layer(corpus, source.name, split), layer(derived, "noise", split)
        assert {name: gaps(labels) for name, labels in ours.items()} == {name: gaps(v) for name, v in theirs.items()}
        assert {label for labels in ours.values() for label in labels or ()} - {None} == {0, 1, 2}


@pytest.mark.parametrize("source", [POS, CHUNK, LENGTH], ids=lambda task: task.name)
def test_positions_count_words_where_the_source_has_labels(corpus, source):
    derived = add_derived_task(corpus, "position", source.name, "position")

    assert derived.tasks == (*corpus.tasks, Task("position", ("1", "2", "3", "4", "5")))
    for split in corpus:
        assert derived[split].features["position"].feature.names == ["1", "2", "3", "4", "5"]
        for name, labels in layer(corpus, source.name, split).items():
            expected = labels and [None if label is None else number for number, label in enumerate(labels)]
            assert layer(derived, "position", split)[name] == expected


def test_there_is_a_label_for_each_position_of_the_longest_sentence_that_has_the_layer_of_any_split(corpus):
    def longest(of, source):
        return add_derived_task(of, "position", source, "position").tasks[-1].labels[-1]

    short = TaggingCorpus({**corpus, "train": corpus["train"].select([0, 1])}, corpus.tasks)  # of 2 and 3 words
    only_short = TaggingCorpus({"train": short["train"]}, corpus.tasks)
    without_chunks = TaggingCorpus({"train": corpus["train"].select([1, 15])}, corpus.tasks)  # of 3 and 5 words

    assert [longest(of, "pos") for of in (short, only_short, without_chunks)] == ["5", "3", "5"]
    assert longest(without_chunks, "chunk") == "3"


def test_everything_else_stays(corpus):
    derived = add_derived_task(corpus, "noise", "pos", "random")

    for split in corpus:
        assert derived[split].remove_columns("noise").to_dict() == corpus[split].to_dict()
    assert derived["train"].column_names == ["tokens", "pos", "chunk", "length", "noise", "domain", "sent_id"]
    assert derived.domains == corpus.domains
    assert derived.notes == ("note", "noise: random labels of those of pos, sampling seed 0")


def test_random_labels_are_uniform_and_independent_of_the_source():
    corpus = layered_corpus(train=3000)
    derived = add_derived_task(corpus, "noise", "pos", "random")
    pairs = np.zeros((3, 3))
    for theirs, ours in zip(derived["train"]["pos"], derived["train"]["noise"], strict=True):
        for old, new in zip(theirs, ours, strict=True):
            if old is not None:
                pairs[old, new] += 1

    assert pairs.sum() > 10000
    for row in pairs:  # a fair draw fails one of a thousand times; this one is the same every time
        assert chisquare(row).pvalue > 0.001


def test_draws_depend_on_seed_name_and_split_alone(corpus):
    def noise(name="noise", seed=0, source="pos", split="train", of=corpus):
        return layer(add_derived_task(of, name, source, "random", seed), name, split)

    assert noise() == noise()
    assert noise() == noise(of=add_derived_task(corpus, "other", "pos", "random"))
    assert noise() != noise(seed=1)
    assert noise() != noise(name="other")
    assert [v for v in noise().values() if v][:30] != [v for v in noise(split="test").values() if v][:30]


def test_a_choice_can_be_derived_from(corpus):
    chosen = limit_sentences(keep_domains(corpus, "news"), {"train": 9}, 0)
    derived = add_derived_task(chosen, "twin", "chunk", "copy")

    assert layer(derived, "twin") == layer(chosen, "chunk")
    assert len(derived["train"]) == 9


def test_what_cannot_be_derived_is_refused(corpus):
    with pytest.raises(UserError, match=r"no task 'xpos' to derive it from; there is pos, chunk, length$"):
        add_derived_task(corpus, "x", "xpos", "copy")
    with pytest.raises(UserError, match=r"^derived task 'noise': 'length' is a regression task; only labels can be "):
        add_derived_task(corpus, "noise", "length", "random")
    for taken in ("pos", "chunk", "tokens", "domain", "sent_id"):
        with pytest.raises(UserError, match=f"^derived task '{taken}': the name is taken by a column"):
            add_derived_task(corpus, taken, "pos", "copy")
    with pytest.raises(UserError, match=r"^task 'a b': a name is made of letters"):
        add_derived_task(corpus, "a b", "pos", "random")
