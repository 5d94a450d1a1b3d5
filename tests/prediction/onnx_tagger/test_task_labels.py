from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hf_sluice.prediction.onnx_tagger.task_labels import TaskLabels

PATH = Path("tagger.json")
LOGITS = np.array([[[0, 1, 2], [5, 5, 0], [9, 0, 0]], [[0, 3, 1], [0, 0, 0], [0, 0, 0]]], dtype=np.float32)
CHAIN = {"between": [[0, 0, 0], [0, 0, 0], [-9, -9, 0]], "start": [0, 0, 0], "end": [0, 0, 0]}


def test_each_word_has_the_label_of_the_highest_score():
    task = TaskLabels(PATH, {"name": "pos", "labels": ["A", "B", "C"]})
    assert task.decode(LOGITS, [3, 1]) == [["C", "A", "A"], ["B"]]


def test_with_transitions_the_sequence_counts():
    task = TaskLabels(PATH, {"name": "pos", "labels": ["A", "B", "C"], "transitions": CHAIN})
    assert task.decode(LOGITS, [3, 1]) == [["B", "A", "A"], ["B"]]


def test_without_labels_there_are_numbers_of_six_digits():
    task = TaskLabels(PATH, {"name": "time"})
    assert task.decode(np.array([[[1 / 3], [1e9]]], dtype=np.float32), [1]) == [[0.333333]]


@pytest.mark.parametrize(
    "chain", [{}, [], CHAIN | {"start": [0, 0]}, CHAIN | {"end": [0, 0, "x"]}, CHAIN | {"start": [0, 0, 1e999]}]
)
def test_damaged_transitions_are_named(chain):
    with pytest.raises(ValueError, match=r"tagger\.json: transitions \(\w+\) should be finite numbers of shape \(3"):
        TaskLabels(PATH, {"name": "pos", "labels": ["A", "B", "C"], "transitions": chain})
