from __future__ import annotations

import pytest

from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

TRAIN = [
    Sentence(["a", "b"], {"x": ["I-B", "B-A"], "y": None}, "1", place=Place("f", 1)),
    Sentence(["a", "b"], {"x": [None, "B-B"], "y": ["z", "O"]}, "2", place=Place("f", 4)),
]


def labels(task, train=TRAIN):
    return with_label_sets([task], train)[0].labels


def test_labels_are_sorted_and_o_comes_first_where_spans_are_marked():
    assert labels(Task("y")) == ("O", "z")
    assert labels(Task("x")) == ("B-A", "B-B", "I-B")
    assert labels(Task("x", scheme="IOB2", metric="span_f1")) == ("O", "B-A", "B-B", "I-B")


def test_labels_that_are_given_stay():
    given = Task("y", labels=("z", "O", "more"))
    assert with_label_sets([given], TRAIN) == (given,)


def test_regression_tasks_get_no_labels():
    task = Task("r", kind="regression", metric="spearman")
    assert with_label_sets([task], None) == (task,)


def test_a_label_that_does_not_fit_the_scheme_is_named_with_its_place():
    with pytest.raises(DataError, match=r"^f:4: task 'y': label 'z' is not IOB2"):
        labels(Task("y", scheme="IOB2"))


def test_a_number_is_no_label():
    with pytest.raises(DataError, match=r"^f:9: task 'x': label 3 is not text"):
        labels(Task("x"), [Sentence(["a"], {"x": [3]}, "1", place=Place("f", 9))])


def test_labels_need_training_sentences_that_carry_the_task():
    with pytest.raises(UserError, match="'none': no sentence of split 'train' has labels"):
        labels(Task("none"))
    with pytest.raises(UserError, match="no split 'train' to take them from"):
        labels(Task("x"), None)
