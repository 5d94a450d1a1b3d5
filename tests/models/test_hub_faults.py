"""Every call that a push makes fails in turn: nothing is half published, and the next push comes through."""

import copy
from dataclasses import dataclass

import pytest
from huggingface_hub.utils import disable_progress_bars, http_backoff

from hf_sluice.models.generated_card import signed
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.hub_publishing import Target, publish
from tests.hub_repositories import Repository
from tests.hub_server import Fault, HubServer

BEFORE = {"README.md": signed("# A\n"), "model.safetensors": "earlier", "old.py": "o", "config.json": "{}"}
FILES = {"README.md": signed("# B\n"), "model.safetensors": "later", "masks.safetensors": "m", "config.json": "{}"}
NEW_BRANCH = Target("user/repo", "message", branch="new")
MAIN = Target("user/repo", "message")
MESSAGES = {
    "500": r"the Hub failed \(500\)|the Hub gave an answer that its client cannot read",
    "429": r"the Hub asks to wait \(429|the Hub gave an answer that its client cannot read",
    "hang": "the Hub did not answer in time",
    "cut": "the connection to the Hub broke",
    "lost": "the connection to the Hub broke",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    found = []
    for number, files in enumerate((BEFORE, FILES)):
        found.append(tmp_path_factory.mktemp(f"staged{number}"))
        for name, text in files.items():
            (found[-1] / name).write_text(text, encoding="utf-8")
    return found


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """The client does not wait between its tries, and this program not long for an answer that does not come."""
    disable_progress_bars()
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setitem(http_backoff.__kwdefaults__, "max_retries", 1)


@dataclass
class Pushed:
    """A Hub after one push, and the calls that another one makes: method, path and which of the like it is."""

    hub: HubServer
    calls: list[tuple[str, str, int]]
    repository: Repository
    objects: dict[str, bytes]

    def reset(self):
        self.hub.repositories["models", "user/repo"] = copy.deepcopy(self.repository)
        self.hub.objects = dict(self.objects)
        self.hub.faults.clear()
        self.hub.requests.clear()


@pytest.fixture
def pushed(hub, folders):
    publish(folders[0], MAIN)
    repository, objects = copy.deepcopy(hub.repository("user/repo")), dict(hub.objects)
    hub.requests.clear()
    publish(folders[1], NEW_BRANCH)
    kinds = [(request.method, _kind(request.path)) for request in hub.requests]
    calls = [(*kind, kinds[:number].count(kind)) for number, kind in enumerate(kinds)]
    found = Pushed(hub, calls, repository, objects)
    found.reset()
    return found


def _kind(path):
    """The beginning of a path, as far as it names no commit and no content."""
    parts = path.split("/")
    return "/".join("" if len(part) in {40, 64} else part for part in parts).partition("//")[0]


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_call(monkeypatch, folders, pushed, kind):
    if kind == "hang":
        monkeypatch.setattr("hf_sluice.models.hub_repository._SECONDS", 0.2)
        monkeypatch.setitem(http_backoff.__kwdefaults__, "max_retries", 0)
    assert len(pushed.calls) >= 14
    for method, path, number in pushed.calls:
        pushed.reset()
        repository = pushed.hub.repository("user/repo")
        pushed.hub.faults.append(Fault(kind, method, path, skip=number))
        with pytest.raises(HubError, match=f"^user/repo: (?:{MESSAGES[kind]})") as caught:
            publish(folders[1], NEW_BRANCH)
        assert "\n" not in str(caught.value)
        has_come_through = kind == "lost" and "/commit/" in path
        assert has_come_through or repository == pushed.repository, (method, path)
        pushed.hub.faults.clear()
        assert publish(folders[1], NEW_BRANCH).is_new != has_come_through
        files = repository.files("new")
        assert {name: files[name].decode() for name in FILES} == FILES
        assert "old.py" not in files


@pytest.mark.parametrize("kind", ["500", "lost"])
def test_the_commit_to_a_branch_that_is_there(folders, pushed, kind):
    pushed.hub.faults.append(Fault(kind, "POST", "/commit/"))
    with pytest.raises(HubError, match=MESSAGES[kind]):
        publish(folders[1], MAIN)
    pushed.hub.faults.clear()
    assert publish(folders[1], MAIN).is_new == (kind == "500")
    assert [commit.title for commit in pushed.hub.repository("user/repo").history()] == [
        "message",
        "message",
        "initial commit",
    ]


@pytest.mark.parametrize("path", ["/large/", "/preupload/", "objects/batch", "/verify"])
@pytest.mark.parametrize("kind", ["500", "429"])
def test_what_passes_by_itself_is_not_the_users_concern(hub, folders, kind, path):
    hub.faults.append(Fault(kind, path=path, times=1))
    assert publish(folders[1], MAIN).is_new
    assert hub.repository("user/repo").files()["model.safetensors"] == b"later"


def test_a_hub_that_goes_down_in_the_middle_of_a_push_leaves_a_branch_that_is_the_main_one(hub, folders):
    publish(folders[0], MAIN)
    hub.faults.append(Fault("500", path="/api/models/user/repo/commit", times=1))
    hub.faults.append(Fault("500", path="/api/models/user/repo", skip=4))
    with pytest.raises(HubError, match="the Hub failed"):
        publish(folders[1], NEW_BRANCH)
    hub.faults.clear()
    repository = hub.repository("user/repo")
    assert repository.refs.get("refs/heads/new") in {None, repository.oid("main")}
    publish(folders[1], NEW_BRANCH)
    assert repository.files("new")["model.safetensors"] == b"later"
