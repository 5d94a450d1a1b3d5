from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from datasets import Value

from hf_sluice.data.layer_columns import (
    layer_feature,
    layer_lengths,
    only_in,
    read_column,
    with_columns,
    with_values,
)
from tests.data.layered_corpus import CHUNK, LENGTH, POS, layered_corpus


@pytest.fixture(scope="module")
def train():
    return layered_corpus()["train"]


def test_a_column_is_that_of_the_rows_chosen(train):
    chosen = train.select([7, 0, 12])

    assert read_column(chosen, "chunk").to_pylist() == chosen["chunk"][:] == [train[i]["chunk"] for i in (7, 0, 12)]


def test_columns_are_replaced_and_added(train):
    chosen = train.select([4, 2])
    changed = with_columns(
        chosen, {"pos": read_column(chosen, "chunk"), "number": pa.array([1, 2])}, {"number": Value("int64")}
    )

    assert changed.column_names == ["tokens", "pos", "chunk", "length", "number", "domain", "sent_id"]
    assert changed["pos"][:] == changed["chunk"][:] == chosen["chunk"][:]
    assert changed["number"][:] == [1, 2]
    assert changed["sent_id"][:] == chosen["sent_id"][:]
    assert {name: changed.features[name] for name in chosen.features} == chosen.features


def test_a_layer_is_taken_from_all_but_the_chosen(train):
    chosen_B = np.arange(60) % 3 == 0
    kept = only_in(read_column(train, "chunk"), chosen_B).to_pylist()

    assert kept == [labels if chosen else None for labels, chosen in zip(train["chunk"], chosen_B, strict=True)]


@pytest.mark.parametrize("task", [POS, CHUNK, LENGTH], ids=lambda task: task.name)
def test_the_feature_of_a_task_is_that_of_its_column(train, task):
    assert layer_feature(task) == train.features[task.name]


def test_lengths_are_those_of_the_sentences_that_have_the_layer(train):
    layer = train.select([6, 5, 0])["chunk"][:]

    assert layer_lengths(read_column(train.select([6, 5, 0]), "chunk")).tolist() == [4, 0, 0]
    assert [labels and len(labels) for labels in layer] == [4, None, None]


@pytest.mark.parametrize("name", ["pos", "chunk"])
def test_other_values_stand_in_the_same_sentences(train, name):
    layer = read_column(train.select([12, 5, 7, 3]), name)
    doubled = with_values(layer, pc.multiply(pc.list_flatten(layer), 2)).to_pylist()

    assert doubled == [
        labels and [label if label is None else 2 * label for label in labels] for labels in layer.to_pylist()
    ]
