from __future__ import annotations

import pytest
from huggingface_hub import HfApi

from hf_sluice.data.task_file import TASK_FILE, TaskFile
from hf_sluice.hub.corpus_origin import CorpusOrigin
from hf_sluice.recipe import make_recipe
from hf_sluice.tasks import Task

SAID = TaskFile((Task("pos", ("N",)),), (), ("ontonotes", "a corpus that there is not"))


def origin(data, tasks=("pos",)):
    return CorpusOrigin.of(make_recipe({"data": data, "tasks": [*tasks], "output": "run"}, "here"))


def test_of_a_corpus_that_is_known():
    data = {"corpus": "ewt", "train_domains": ["email"]}
    found = origin({**data, "root": "/home/somebody/corpora"}, ["pos", {"name": "ner"}])
    assert found.names == ("ewt",)
    assert found.may_be_published
    assert found.settings == {"data": data, "tasks": ["pos", {"name": "ner"}]}


def test_paths_of_this_machine_are_not_told():
    options = {"files": {"train": "/home/somebody/corpora/a.conll"}, "columns": ["token", "pos"]}
    found = origin({"corpus": "columns", "options": options}, [{"name": "pos"}])
    assert found.names == ()
    assert found.sources.unknown == ("columns",)
    assert found.settings["data"]["options"] == {**options, "files": {"train": "a.conll"}}
    assert origin({"root": "/home/somebody"}).settings["data"] == {"corpus": "demo"}


@pytest.mark.parametrize("relative", [True, False])
def test_of_a_saved_corpus_it_is_what_that_was_made_of(tmp_path, relative):
    SAID.write(tmp_path)
    path = (
        {"root": str(tmp_path.parent), "options": {"path": tmp_path.name}}
        if relative
        else {"options": {"path": str(tmp_path)}}
    )
    found = origin({"corpus": "datasets", **path})
    assert found.names == ("ontonotes",)
    assert found.sources.unknown == ()
    assert not found.may_be_published


def test_of_a_pushed_corpus_too_and_of_the_parts_of_a_combined_one(hub, tmp_path):
    HfApi().create_repo("user/data", repo_type="dataset")
    SAID.write(tmp_path)
    hub.repository("user/data", "datasets").put({TASK_FILE: (tmp_path / TASK_FILE).read_bytes()})
    found = origin({"corpus": "datasets", "options": {"path": "user/data"}})
    assert (found.names, found.sources.hub_ids) == (("ontonotes",), ("user/data",))

    parts = {
        "gum": {"tasks": ["ner"]},
        "theirs": {"corpus": "datasets", "tasks": ["pos"], "options": {"path": "user/data"}},
    }
    found = origin({"corpus": "combined", "options": {"parts": parts}})
    assert found.names == ("gum", "ontonotes")
    assert not found.may_be_published


def test_of_parts_in_folders_of_their_own(tmp_path):
    SAID.write(tmp_path)
    theirs = {"corpus": "datasets", "tasks": ["pos"], "root": str(tmp_path.parent), "options": {"path": tmp_path.name}}
    for part, root in ((theirs, None), ({**theirs, "root": None}, str(tmp_path.parent))):
        found = origin({"corpus": "combined", "root": root, "options": {"parts": {"theirs": part}}})
        assert found.names == ("ontonotes",)


@pytest.mark.parametrize("said", [None, TaskFile(SAID.tasks)])
def test_of_a_data_set_that_says_nothing_nothing_is_known(tmp_path, said):
    if said is not None:
        said.write(tmp_path)
    found = origin({"corpus": "datasets", "options": {"path": str(tmp_path)}}, [{"name": "pos"}])
    assert (found.names, found.sources.unknown, found.may_be_published) == ((), ("datasets",), True)
