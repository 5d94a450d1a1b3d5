from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from datasets import Value

from hf_sluice.data.layer_columns import only_in, read_column, with_columns
from tests.data.layered_corpus import layered_corpus


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
