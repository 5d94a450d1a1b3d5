from __future__ import annotations

import pytest

from hf_sluice.data.corpora.task_columns import numeric_tasks, task_columns
from hf_sluice.errors import UserError
from hf_sluice.tasks import Task

NER = Task("ner", scheme="IOB2", metric="span_f1")


def test_tasks_and_mappings():
    described = {"name": "ner", "scheme": "IOB2", "metric": "span_f1"}
    assert task_columns([NER]) == ((NER,), {"ner": "ner"})
    assert task_columns([described]) == ((NER,), {"ner": "ner"})
    assert task_columns([{**described, "column": "tag"}, Task("pos")]) == (
        (NER, Task("pos")),
        {"ner": "tag", "pos": "pos"},
    )


def test_numeric_tasks():
    assert numeric_tasks([NER, Task("r", kind="regression", metric="spearman")]) == {"r"}


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        (None, "at least one is needed"),
        ([], "at least one is needed"),
        (["ner"], "'ner' says no kind and no scheme"),
        ([{"column": "x"}], "a task without a name"),
        ([{"name": "x", "colour": "red"}], "unknown field 'colour'"),
        ([{"name": "x", "kind": "magic"}], "kind 'magic' is not one of"),
    ],
)
def test_what_is_no_task(tasks, message):
    with pytest.raises(UserError, match=message):
        task_columns(tasks)
