from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hf_sluice.prediction.onnx_tagger import form_states
from hf_sluice.prediction.onnx_tagger.form_states import FormStates

TEXT = ["a", "bc", "a", "longer", "bc", "d", "a", "e", "f", "longer"]


class Graph:
    """Sums up characters, and takes down how many words of how many characters it was given."""

    def __init__(self):
        self.asked = []

    def get_outputs(self):
        return [SimpleNamespace(shape=["forms", 3])]

    def run(self, _, inputs):
        characters = inputs["char_ids"]
        self.asked.append(characters.shape)
        return [np.repeat(characters.sum(1, keepdims=True), 3, 1).astype(np.float32)]


class Words:
    def characters(self, words):
        rows = np.zeros((len(words), max(map(len, words))), dtype=np.int64)
        for row, word in zip(rows, words, strict=True):
            row[: len(word)] = [ord(character) for character in word]
        return rows


@pytest.fixture
def graph():
    return Graph()


def states_of(words):
    return [[sum(map(ord, word))] * 3 for word in words]


def test_states_come_in_the_order_of_the_words_and_short_ones_together(graph):
    words = [f"{'x' * (7 * number % 10)}{number}" for number in range(150)]
    assert FormStates(graph, Words()).encode(words).tolist() == states_of(words)

    assert [rows for rows, _ in graph.asked] == [64, 64, 22]
    widths = [width for _, width in graph.asked]
    assert widths == sorted(set(widths))


def test_what_is_known_is_not_asked_for_again(graph):
    forms = FormStates(graph, Words())
    forms.encode(["a", "bc"])

    assert forms.encode(["bc", "d", "a"]).tolist() == states_of(["bc", "d", "a"])
    assert [rows for rows, _ in graph.asked] == [2, 1]


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_where_there_is_no_room_all_is_forgotten_and_states_are_the_same(graph, monkeypatch, most):
    monkeypatch.setattr(form_states, "_MOST_WORDS", most)
    forms = FormStates(graph, Words())
    for start in range(len(TEXT)):
        for size in range(1, 5):
            words = list(dict.fromkeys(TEXT[start : start + size]))
            assert forms.encode(words).tolist() == states_of(words)
            assert len(forms._rows) <= most
    assert forms._table.shape == (most, 3)


def test_wide_states_are_fewer(graph, monkeypatch):
    monkeypatch.setattr(form_states, "_MOST_BYTES", 5 * 3 * 4)
    assert len(FormStates(graph, Words())._table) == 5
