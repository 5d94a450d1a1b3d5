from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.word_arrays import layer_arrays, word_arrays
from hf_sluice.tasks import Task

TASKS = [Task("pos", ("NN", "VB")), Task("gaze", kind="regression", metric="spearman")]
SENTENCES = [
    Sentence(["The", "the", "İzmir"], {"pos": ["NN", None, "VB"], "gaze": None}, "a", "news"),
    Sentence(["walk"], {"pos": None, "gaze": [2.5]}, "b", None),
    Sentence(["THE", "walk"], {"pos": ["VB", "VB"], "gaze": [None, -1.0]}, "c", "chat"),
]


@pytest.fixture
def data():
    return assemble({"train": SENTENCES}, TASKS)["train"]


def test_words_are_numbered_by_their_lower_cased_form(data):
    words = word_arrays(data)

    assert [words.forms[i] for i in words.form_ids] == ["the", "the", "İzmir".lower(), "walk", "the", "walk"]
    assert len(set(words.forms)) == len(words.forms) == 3


def test_words_know_their_sentence_and_sentences_their_domain(data):
    words = word_arrays(data)

    assert words.sentences.tolist() == [0, 0, 0, 1, 2, 2]
    assert words.domain_ids.tolist() == [data.features["domain"].str2int("news"), -1, 0]


@pytest.mark.parametrize(
    ("task", "values", "sentences", "missing"),
    [
        ("pos", [0, np.nan, 1, 1, 1], [0, 0, 0, 2, 2], [False, True, False]),
        ("gaze", [2.5, np.nan, -1.0], [1, 2, 2], [True, False, False]),
    ],
)
def test_a_layer_has_one_value_per_word_of_the_sentences_that_have_it(data, task, values, sentences, missing):
    layer = layer_arrays(data, task)

    np.testing.assert_array_equal(layer.values, values)
    assert layer.sentences.tolist() == sentences
    assert layer.is_missing.tolist() == missing


def test_a_selection_of_rows_is_respected(data):
    chosen = data.select([2, 0])

    assert word_arrays(chosen).sentences.tolist() == [0, 0, 1, 1, 1]
    np.testing.assert_array_equal(layer_arrays(chosen, "pos").values, [1, 1, 0, np.nan, 1])
    assert layer_arrays(chosen, "gaze").is_missing.tolist() == [False, True]


def test_a_split_without_rows_gives_no_words(data):
    assert len(word_arrays(data.select([])).form_ids) == 0
    assert len(layer_arrays(data.select([]), "pos").values) == 0
