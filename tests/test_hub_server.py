"""That the Hub of the tests is one to its client, and fails as it is told to."""

from __future__ import annotations

import pytest
from datasets import Dataset, load_dataset
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, get_session, hf_hub_download
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.utils import disable_progress_bars

from tests.hub_server import Fault


@pytest.fixture
def api(hub):  # noqa: ARG001 - what it talks to
    disable_progress_bars()
    api = HfApi()
    api.create_repo("user/repo")
    return api


def push(api, files, **values):
    operations = [CommitOperationAdd(name, content) for name, content in files.items()]
    return api.create_commit("user/repo", operations, commit_message="change", **values)


def test_commits_branches_tags_and_pull_requests(hub, api):
    first = push(api, {"a.txt": b"first", "b/model.safetensors": b"large"}).oid
    api.create_branch("user/repo", branch="other/branch", revision=first)
    operations = [CommitOperationDelete("b/"), CommitOperationAdd("a.txt", b"second")]
    api.create_commit("user/repo", operations, commit_message="m", revision="other/branch", parent_commit=first)
    api.create_tag("user/repo", tag="v1", revision="other/branch")
    request = push(api, {"c.txt": b"asked"}, create_pr=True)

    assert hub.repository("user/repo").files() == {
        ".gitattributes": hub.repository("user/repo").files()[".gitattributes"],
        "a.txt": b"first",
        "b/model.safetensors": b"large",
    }
    assert hub.repository("user/repo").files("v1")["a.txt"] == b"second"
    assert "b/model.safetensors" not in api.list_repo_files("user/repo", revision="other/branch")
    assert request.pr_revision == "refs/pr/1"
    assert hub.repository("user/repo").files("refs/pr/1")["c.txt"] == b"asked"
    with pytest.raises(HfHubHTTPError, match="412"):
        push(api, {"d.txt": b""}, revision="other/branch", parent_commit=first)
    with pytest.raises(RevisionNotFoundError):
        api.list_repo_files("user/repo", revision="nosuch")


def test_downloads(hub, api):
    content = bytes(range(256)) * 10
    push(api, {"model.safetensors": content})
    address = f"{hub.url}/user/repo/resolve/main/model.safetensors"
    hub.faults.append(Fault("cut", "GET", "resolve", times=1))
    hub.requests.clear()
    with pytest.raises(Exception, match="peer closed connection"):
        get_session().get(address)
    path = hf_hub_download("user/repo", "model.safetensors")
    with open(path, "rb") as file:  # noqa: PTH123
        assert file.read() == content
    assert [request.sent for request in hub.requests if request.method == "GET"] == [1280, 2560]
    part = get_session().get(address, headers={"Range": "bytes=3-9"})
    assert (part.status_code, part.content) == (206, content[3:10])
    hub.requests.clear()
    assert hf_hub_download("user/repo", "model.safetensors") == path
    assert [request.method for request in hub.requests] == ["HEAD"]


def test_rights(hub, api, monkeypatch):
    hub.namespaces["hf_other"] = ["other"]
    api.create_repo("user/private", private=True)
    assert [HfApi(token="hf_other").whoami()["name"], api.whoami()["name"]] == ["other", "user"]
    with pytest.raises(HfHubHTTPError, match="403"):
        push(HfApi(token="hf_other"), {"a.txt": b""})
    with pytest.raises(RepositoryNotFoundError):
        HfApi(token="hf_other").model_info("user/private")
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        HfApi(token="hf_wrong").whoami()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(OfflineModeIsEnabled):
        api.model_info("user/repo")


@pytest.mark.parametrize("kind", ["500", "429", "hang", "cut", "lost"])
def test_faults(hub, api, kind):
    hub.faults.append(Fault(kind, "POST", "/commit/", times=1))
    with pytest.raises(Exception, match=r"500|429|timed out|disconnected|closed|reset|abort|pipe") as caught:
        get_session().post(
            f"{hub.url}/api/models/user/repo/commit/main", content=b"x" * 10, timeout=0.2
        ).raise_for_status()
    assert isinstance(caught.value, HfHubHTTPError.__bases__[0])
    assert hub.requests[-1].status == (int(kind) if kind.isdigit() else 0)
    push(api, {"a.txt": b""})
    assert "a.txt" in hub.repository("user/repo").files()


def test_data_sets(hub):
    Dataset.from_dict({"a": [1, 2]}).push_to_hub("user/data")
    assert load_dataset("user/data", split="train")["a"][:] == [1, 2]
    assert "README.md" in hub.repository("user/data", "datasets").files()
