from __future__ import annotations

import huggingface_hub
import pytest
from huggingface_hub import HfApi

from hf_sluice.data.formats.hf_task_file import find_task_file
from hf_sluice.data.task_file import TASK_FILE, TaskFile
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

SAID = TaskFile((Task("pos", ("N", "V")),), ("a note",))


def test_of_a_folder(tmp_path):
    assert find_task_file(tmp_path, is_needed=True) is None
    SAID.write(tmp_path)
    assert find_task_file(tmp_path, is_needed=True) == SAID
    (tmp_path / TASK_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match=r"tasks\.json: says nothing of the tasks of a corpus"):
        find_task_file(tmp_path, is_needed=False)


def test_of_a_data_set_on_the_hub(hub, tmp_path):
    HfApi().create_repo("user/data", repo_type="dataset")
    assert find_task_file("user/data", is_needed=True) is None
    SAID.write(tmp_path)
    repository = hub.repository("user/data", "datasets")
    repository.put({TASK_FILE: (tmp_path / TASK_FILE).read_bytes()})
    first = HfApi().dataset_info("user/data").sha
    assert find_task_file("user/data", is_needed=True) == SAID
    repository.put({TASK_FILE: b"{}"})
    assert find_task_file("user/data", first, is_needed=True) == SAID
    with pytest.raises(DataError, match="says nothing of the tasks"):
        find_task_file("user/data", is_needed=True)


@pytest.mark.parametrize(
    ("repo_id", "revision", "message"),
    [
        ("user/none", None, "data set user/none: no such folder, and no"),
        ("user/data", "v9", "there is no revision 'v9'"),
    ],
)
def test_what_is_not_there_is_named_where_it_is_needed(hub, repo_id, revision, message):  # noqa: ARG001 - the Hub asked
    HfApi().create_repo("user/data", repo_type="dataset")
    assert find_task_file(repo_id, revision, is_needed=False) is None
    with pytest.raises(UserError, match=message):
        find_task_file(repo_id, revision, is_needed=True)


def test_a_hub_that_is_not_to_be_asked(hub, monkeypatch):  # noqa: ARG001
    HfApi().create_repo("user/data", repo_type="dataset")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    assert find_task_file("user/data", is_needed=False) is None
    with pytest.raises(UserError) as caught:
        find_task_file("user/data", is_needed=True)
    assert str(caught.value).startswith("data set user/data: tasks.json has not been fetched before")
    assert "\n" not in str(caught.value)
