from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.data.assemble import assemble
from hf_sluice.training.encoded_split import UNLABELLED, encode_split
from tests.training.tiny_training import CHUNK, LENGTH, POS, demo, new_tokenizer, sentence

TASKS = (POS, CHUNK, LENGTH)


@pytest.fixture(scope="module")
def mixed():
    """Sentences that lack layers, and words that lack labels."""
    return assemble(
        {
            "train": [
                sentence("the dog barks", 0, "news", pos=["D", "N", "V"], length=[3.0, None, 5.5]),
                sentence("the cat", 1, None, chunk=["B-NP", "I-NP"]),
                sentence("dogs", 2, "chat", pos=[None], length=[-100.5]),
                sentence("a cat sleeps here", 3, "news", pos=[None, "N", "V", None], chunk=[None] * 4),
                sentence("it sleeps", 4, "chat"),
            ]
        },
        TASKS,
    )


@pytest.fixture(scope="module")
def split(mixed):
    return encode_split(mixed["train"], new_tokenizer(mixed), TASKS)


def expected_labels(dataset, task, number):
    """Straight from the columns."""
    layer, length = dataset[number][task], len(dataset[number]["tokens"])
    return [UNLABELLED if value is None else value for value in ([None] * length if layer is None else layer)]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_labels_of_a_sentence_are_those_of_the_column(mixed, split, task):
    for number in range(len(split)):
        assert split.sentence_labels(task.name, number).tolist() == expected_labels(mixed["train"], task.name, number)


def test_labels_of_a_corpus_are_those_of_its_columns():
    corpus = demo(train=40, tasks=("pos", "chunk", "ner", "srl"))
    split = encode_split(corpus["train"], new_tokenizer(corpus), corpus.tasks)

    assert len(split) == 40
    for task in corpus.tasks:
        for number in range(40):
            assert split.sentence_labels(task.name, number).tolist() == corpus["train"][number][task.name]


def test_labels_follow_the_sentences_that_were_chosen(mixed):
    chosen = mixed["train"].select([3, 0, 2])
    split = encode_split(chosen, new_tokenizer(mixed), TASKS)

    for task in TASKS:
        for number in range(3):
            assert split.sentence_labels(task.name, number).tolist() == expected_labels(chosen, task.name, number)


def test_ids_are_whole_numbers_and_values_are_not(split):
    assert {task: labels.dtype for task, labels in split.labels.items()} == {
        "pos": np.int64, "chunk": np.int64, "length": np.float32,
    }  # fmt: skip


def test_domains_are_names(split):
    assert list(split.domains) == ["news", None, "chat", "news", "chat"]


def test_words_are_those_of_the_tokenizer(mixed, split):
    words = new_tokenizer(mixed).encode_words(mixed["train"]["tokens"][:])

    assert split.words.word_ids.tolist() == words.word_ids.tolist()
    assert split.words.lengths.tolist() == [3, 2, 1, 4, 2]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_labels_are_counted_per_sentence(mixed, split, task):
    counts = [
        sum(value != UNLABELLED for value in expected_labels(mixed["train"], task.name, number)) for number in range(5)
    ]

    assert split.num_labelled(task.name, np.arange(5)).tolist() == counts
    assert split.num_labelled(task.name, np.array([3, 0, 3])).tolist() == [counts[3], counts[0], counts[3]]
    assert split.labelled_sentences(task.name).tolist() == [number for number in range(5) if counts[number]]


@pytest.mark.parametrize("sentences", [[0], [2], [3, 2, 0], [4, 1], [0, 1, 2, 3, 4]])
def test_a_batch_holds_words_and_padded_labels(mixed, split, sentences):
    batch = split.batch(np.array(sentences), ["chunk", "length"])
    width = max(len(mixed["train"][number]["tokens"]) for number in sentences)

    for name, value in split.words.batch(np.array(sentences)).items():
        assert torch.equal(batch[name], value)
    assert list(batch["labels"]) == ["chunk", "length"]
    for task, labels in batch["labels"].items():
        expected = [expected_labels(mixed["train"], task, number) for number in sentences]
        assert labels.tolist() == [row + [UNLABELLED] * (width - len(row)) for row in expected]


def test_labels_in_a_batch_have_the_type_that_losses_need(split):
    labels = split.batch(np.array([0, 1]), ["pos", "length"])["labels"]

    assert (labels["pos"].dtype, labels["length"].dtype) == (torch.int64, torch.float32)


def test_a_batch_without_tasks_is_words_alone(split):
    assert split.batch(np.array([1]), [])["labels"] == {}


def test_what_is_not_asked_for_is_not_encoded(mixed):
    assert list(encode_split(mixed["train"], new_tokenizer(mixed), [CHUNK]).labels) == ["chunk"]
