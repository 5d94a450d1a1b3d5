from __future__ import annotations

import pytest

from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.statistics import describe
from hf_sluice.hub.dataset_tables import columns_table, labels_table, sizes_table, tasks_table
from tests.data.layered_corpus import layered_corpus


@pytest.fixture(scope="module")
def layered():
    return describe(layered_corpus(train=6, test=3))


def test_columns(layered):
    assert columns_table(layered.tasks).rows[1:4] == (
        ("pos", "the id of a label per word"),
        ("chunk", "the id of a label per word"),
        ("length", "a number per word"),
    )


def test_tasks(layered):
    assert tasks_table(layered.tasks).rows == (
        ("pos", "classification", "-", "accuracy", "-", "3", "0.5"),
        ("chunk", "classification", "IOB2", "span F1", "-", "3", "1"),
        ("length", "regression", "-", "mean squared error", "-", "-", "1"),
    )


def test_sentences_with_each_task_are_counted_where_some_lack_one(layered):
    table = sizes_table(layered)
    assert table.columns[5:] == ("with pos", "with chunk", "with length")
    assert table.rows[0] == ("train", "*all*", "6", "19", "-", "6", "4", "6")
    assert table.rows[1][:3] == ("train", "mail", "2")
    assert table.rows[4] == ("test", "*all*", "3", "9", "0.0 %", "3", "2", "3")
    whole = sizes_table(describe(load_demo_corpus(0, 8, 4, 4)))
    assert whole.columns == ("split", "domain", "sentences", "words", "words not in train")


def test_labels_and_numbers_are_counted_per_split(layered):
    labels = labels_table(layered, 1)
    assert labels.columns == ("id", "label", "train", "test")
    assert labels.rows == (("0", "O", "0", "0"), ("1", "B-NP", "4", "2"), ("2", "I-NP", "10", "5"))
    numbers = labels_table(layered, 2)
    assert numbers.columns == ("", "train", "test")
    assert numbers.rows[0] == ("numbers", "19", "9")
