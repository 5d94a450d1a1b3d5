from __future__ import annotations

import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

from hf_sluice.data.formats.hf_datasets import DatasetLayout, read_rows, with_class_labels
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

FEATURES = Features(
    {
        "tokens": List(Value("string")),
        "pos": List(ClassLabel(names=["N", "V"])),
        "text": List(Value("string")),
        "ids": List(Value("int64")),
        "time": List(Value("float32")),
        "domain": ClassLabel(names=["web", "news"]),
        "source": Value("string"),
        "sent_id": Value("string"),
        "flat": Value("string"),
    }
)
ROWS = {
    "tokens": [["a", "b", "c"], ["d"]],
    "pos": [[1, None, -100], [-1]],
    "text": [["X", None, "Y"], None],
    "ids": [[0, 1, -1], [None]],
    "time": [[0.5, 1, None], None],
    "domain": [1, None],
    "source": ["s", None],
    "sent_id": ["one", "two"],
    "flat": ["x", "y"],
}
DATA = Dataset.from_dict(ROWS, features=FEATURES)
POS = Task("pos", labels=("N", "V"))


def read(task, column=None, data=DATA, **columns):
    layout = DatasetLayout({task.name: column or task.name}, **columns)
    return list(read_rows(data, "train", "data", [task], layout))


@pytest.mark.parametrize(
    ("task", "column", "expected"),
    [
        (POS, "pos", [["V", None, None], [None]]),
        (Task("x"), "text", [["X", None, "Y"], None]),
        (Task("x", labels=("P", "Q")), "ids", [["P", "Q", None], [None]]),
        (Task("x", kind="regression", metric="spearman"), "time", [[0.5, 1, None], None]),
        (Task("x", kind="regression", metric="spearman"), "ids", [[0, 1, -1], [None]]),
    ],
)
def test_layers(task, column, expected):
    assert [s.layers[task.name] for s in read(task, column)] == expected


def test_the_rest_of_a_sentence():
    first, second = read(POS)
    assert (first.tokens, first.sent_id, first.domain) == (["a", "b", "c"], "one", "news")
    assert (second.sent_id, second.domain) == ("two", None)
    assert (second.place.path, second.place.line) == ("data!train", 2)


def test_columns_may_have_other_names():
    data = DATA.rename_column("tokens", "words")
    first, second = read(POS, tokens="words", domain="source", sent_id="flat", data=data)
    assert (first.tokens, first.domain, first.sent_id) == (["a", "b", "c"], "s", "x")
    assert (second.tokens, second.domain, second.sent_id) == (["d"], None, "y")


def test_ids_are_made_where_there_are_none():
    data = DATA.remove_columns(["sent_id", "domain"])
    assert [(s.sent_id, s.domain) for s in read(POS, data=data)] == [("train-1", None), ("train-2", None)]


def test_streamed_rows_give_the_same_sentences():
    assert read(POS, data=DATA.to_iterable_dataset()) == read(POS)


def test_labels_come_from_the_class_label_in_its_order():
    features = Features({"tokens": List(Value("string")), "pos": List(ClassLabel(names=["V", "N"]))})
    data = Dataset.from_dict({"tokens": [["a"]], "pos": [[0]]}, features=features)
    layout = DatasetLayout({"x": "pos"})
    assert with_class_labels([Task("x")], data, layout) == (Task("x", labels=("V", "N")),)
    given = Task("x", labels=("N", "V"))
    assert with_class_labels([given], data, layout) == (given,)


def test_columns_without_class_labels_leave_the_task_as_it_is():
    tasks = [Task("text"), Task("time", kind="regression", metric="spearman")]
    assert with_class_labels(tasks, DATA, DatasetLayout({"text": "text", "time": "time"})) == tuple(tasks)


@pytest.mark.parametrize("columns", [{"column": "none"}, {"tokens": "none"}, {"domain": "none"}, {"sent_id": "none"}])
def test_a_missing_column_is_named_with_those_there_are(columns):
    with pytest.raises(UserError, match=r"^data set 'data' has no column 'none'; it has tokens, pos, text, .*flat$"):
        read(POS, **columns)


@pytest.mark.parametrize(
    ("task", "column"),
    [
        (Task("x"), "ids"),
        (Task("x", labels=("N",)), "time"),
        (Task("x", labels=("N",)), "flat"),
        (Task("x", kind="regression", metric="spearman"), "text"),
        (Task("x", kind="regression", metric="spearman"), "pos"),
    ],
)
def test_a_column_that_cannot_be_the_task_is_refused(task, column):
    with pytest.raises(UserError, match=f"column '{column}' is .*, which cannot be task 'x'"):
        read(task, column)


def test_ids_out_of_range_are_named_with_their_row():
    with pytest.raises(DataError, match=r"^data!train:1: column 'ids': id 1 is not one of the 1 known"):
        read(Task("x", labels=("N",)), "ids")


def test_rows_without_words_are_named():
    with pytest.raises(DataError, match=r"^data!train:1: column 'flat' holds no list of words"):
        read(POS, tokens="flat")
    with pytest.raises(DataError, match=r"^data!train:1: column 'ids' holds no list of words"):
        read(POS, tokens="ids")
