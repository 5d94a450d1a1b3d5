from __future__ import annotations

import json

import pytest

from hf_sluice.data.task_file import TASK_FILE, TaskFile
from hf_sluice.errors import DataError
from hf_sluice.tasks import Task

TASKS = (
    Task("pos", ("NN", "``", "", "a|b", "é\n"), weight=0.5),
    Task("ner", ("O", "B-PER", "I-PER"), scheme="IOB2", metric="span_f1", decoder="mlp_crf"),
    Task("gaze", kind="regression", metric="spearman"),
)
WHOLE = TaskFile(TASKS, ("one", "two"), ("ewt",))


def test_what_is_written_is_read_again(tmp_path):
    WHOLE.write(tmp_path)
    assert TaskFile.read(tmp_path / TASK_FILE) == WHOLE
    TaskFile(TASKS[:1]).write(tmp_path)
    assert TaskFile.read(tmp_path / TASK_FILE) == TaskFile(TASKS[:1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "x"}, "its format should be 'hf_sluice.corpus_tasks', not 'x'"),
        ({"version": 2}, "is of version 2 of the format, and this program reads version 1; a later hf_sluice reads it"),
        ({"version": "1"}, "version should be a whole number, not '1'"),
        ({"more": 1}, "'more' is no field of it; known are format, version, tasks, notes, sources"),
        ({"tasks": []}, "tasks: at least one is needed, and each with a name of its own"),
        ({"tasks": {}}, "tasks should be a list, not {}"),
        ({"tasks": [{"name": "a", "labels": ["x"]}] * 2}, "tasks: at least one is needed, and each with a name"),
        ({"tasks": ["pos"]}, "tasks: at least one is needed"),
        ({"tasks": [{"labels": ["x"]}]}, "tasks.0.name should be text"),
        ({"tasks": [{"name": "../pos"}]}, "task '../pos': a name is made of letters"),
        ({"tasks": [{"name": "pos", "labels": "xy"}]}, "tasks.0.labels should be a list, not 'xy'"),
        ({"tasks": [{"name": "pos", "labels": [1]}]}, "tasks.0.labels.0 should be text, not 1"),
        (
            {"tasks": [{"name": "pos", "labels": ["\ud800"]}]},
            "tasks.0.labels.0 should be text of 1 to 1000",
        ),
        ({"tasks": [{"name": "pos", "weight": "1"}]}, "tasks.0.weight should be a number, not '1'"),
        ({"tasks": [{"name": "pos", "scheme": ["IOB2"]}]}, "tasks.0.scheme should be text"),
        ({"tasks": [{"name": "pos", "scheme": "BILOU"}]}, "scheme 'BILOU' is not one of"),
        ({"tasks": [{"name": "pos", "colour": "red"}]}, "task 'pos': unknown field 'colour'"),
        ({"notes": ["", 1]}, "notes.0 should be text of 1 to 10000 characters, not ''"),
        ({"sources": "ewt"}, "sources should be a list, not 'ewt'"),
    ],
)
def test_what_is_damaged_is_named(tmp_path, change, message):
    WHOLE.write(tmp_path)
    path = tmp_path / TASK_FILE
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        TaskFile.read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": NaN}', '{"version": 1, "version": 2}'])
def test_what_is_no_json_object_is_named(tmp_path, content):
    path = tmp_path / TASK_FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"tasks\.json: "):
        TaskFile.read(path)
