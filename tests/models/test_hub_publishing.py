import pytest
from huggingface_hub import HfApi

from hf_sluice.models.generated_card import signed
from hf_sluice.models.hub_errors import HubError
from hf_sluice.models.hub_publishing import Target, full_name, publish
from hf_sluice.models.pushed_files import PUSHED_FILES, read_list
from tests.hub_client import TOKEN
from tests.hub_server import Fault

FILES = {
    "README.md": signed("# A\n"),
    "config.json": "{}",
    "model.safetensors": "weights",
    "code.py": "",
    "figures/a.png": "p",
}
TARGET = Target("user/repo", "message")


@pytest.fixture
def folder(tmp_path):
    return fill(tmp_path / "staged", FILES)


def fill(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def published(hub, revision="main"):
    """What is on the Hub beside what a new repository has."""
    files = hub.repository("user/repo").files(revision)
    return {name: content.decode() for name, content in files.items() if name not in {".gitattributes", PUSHED_FILES}}


def test_a_folder_is_published_in_one_commit(hub, folder):
    lines = []
    found = publish(folder, TARGET, tell=lines.append)

    assert published(hub) == FILES
    assert [commit.title for commit in hub.repository("user/repo").history()] == ["message", "initial commit"]
    assert found.commit.oid == hub.repository("user/repo").oid("main")
    assert (found.card, found.deleted, found.is_new) == ("new", (), True)
    assert found.sizes == {name: len(text.encode()) for name, text in FILES.items()}
    assert lines == ["Uploading 5 files, 0.0 MB, to user/repo"]
    assert read_list(hub.repository("user/repo").files()[PUSHED_FILES]) == {*FILES, PUSHED_FILES}


def test_what_is_there_already_is_not_published_again(hub, folder):
    before = publish(folder, TARGET).commit.oid
    hub.requests.clear()
    again = publish(folder, TARGET)
    assert (again.commit.oid, again.is_new) == (before, False)
    assert [request for request in hub.requests if request.method == "PUT"] == []


def test_files_of_an_earlier_push_go_and_those_of_others_stay(hub, folder, tmp_path):
    publish(folder, TARGET)
    hub.repository("user/repo").put({"notes.txt": b"theirs", "figures/theirs.png": b"t"})
    kept = {name: FILES[name] for name in ("README.md", "config.json", "model.safetensors")}
    found = publish(fill(tmp_path / "other", {**kept, "new.py": "n"}), TARGET)

    assert found.deleted == ("code.py", "figures/a.png")
    assert published(hub) == {**kept, "new.py": "n", "notes.txt": "theirs", "figures/theirs.png": "t"}
    assert len(hub.repository("user/repo").history()) == 4


def test_files_of_an_earlier_push_can_be_spared(hub, folder, tmp_path):
    publish(folder, TARGET)
    found = publish(fill(tmp_path / "part", {"config.json": "{1}"}), TARGET, spares=lambda name: name != "code.py")
    assert (found.card, found.deleted) == ("none", ("code.py",))
    assert published(hub).keys() == FILES.keys() - {"code.py"}
    assert publish(folder, TARGET).deleted == ()
    assert publish(fill(tmp_path / "last", {"config.json": "{2}"}), TARGET).deleted == (
        "code.py",
        "figures/a.png",
        "model.safetensors",
    )


@pytest.mark.parametrize(
    ("there", "fate"),
    [
        (signed("# generated\n"), "replaced"),
        (signed("# generated\n").replace("generated\n", "generated, and changed\n"), "kept"),
        ("# theirs\n", "kept"),
        ("", "kept"),
        (None, "new"),
    ],
)
def test_a_card_that_a_person_wrote_or_changed_is_kept(hub, folder, there, fate):
    if there is not None:
        hub.repository("user/repo").put({"README.md": there.encode()})
    for _ in range(2):  # by the second push, too
        found = publish(folder, TARGET)
        assert published(hub)["README.md"] == (there if fate == "kept" else FILES["README.md"])
    assert found.card == ("kept" if fate == "kept" else "replaced")


def test_a_new_branch_begins_with_what_the_main_one_holds(hub, folder):
    hub.repository("user/repo").put({"theirs.txt": b"t"})
    found = publish(folder, Target("user/repo", "message", branch="dev/new"))
    assert published(hub) == {"theirs.txt": "t"}
    assert published(hub, "dev/new") == {**FILES, "theirs.txt": "t"}
    assert found.commit.oid == hub.repository("user/repo").oid("dev/new")
    fill(folder, {"config.json": "{2}"})
    publish(folder, Target("user/repo", "message", branch="dev/new"))
    assert published(hub, "dev/new")["config.json"] == "{2}"
    assert published(hub) == {"theirs.txt": "t"}


def test_a_pull_request_leaves_the_branch_as_it_is(hub, folder):
    found = publish(folder, Target("user/repo", "message", as_pull_request=True))
    assert published(hub) == {}
    assert published(hub, "refs/pr/1") == FILES
    assert found.commit.pr_url == f"{hub.url}/user/repo/discussions/1"
    fill(folder, {"config.json": "{2}"})
    publish(folder, Target("user/repo", "message", branch="refs/pr/1"))
    assert published(hub, "refs/pr/1")["config.json"] == "{2}"


def test_a_change_by_somebody_else_in_the_meantime_is_no_loss(hub, folder):
    publish(folder, TARGET)
    fill(folder, {"config.json": "{2}"})

    def interfere(_):
        hub.repository("user/repo").put({"config.json": b"theirs"})

    with pytest.raises(HubError, match="user/repo: somebody else changed the repository in the meantime") as caught:
        publish(folder, TARGET, tell=interfere)
    assert "\n" not in str(caught.value)
    assert published(hub)["config.json"] == "theirs"
    publish(folder, TARGET)
    assert published(hub)["config.json"] == "{2}"


def test_private_repositories(hub, folder):
    publish(folder, Target("user/new", "message", private=True))
    assert hub.repository("user/new").private
    publish(folder, Target("user/new", "again", private=True))
    publish(folder, TARGET)
    with pytest.raises(HubError, match="user/repo: the repository is there already, and it is public"):
        publish(folder, Target("user/repo", "message", private=True))


@pytest.mark.usefixtures("hub")
def test_only_branches_are_pushed_to(folder):
    publish(folder, TARGET)
    HfApi().create_tag("user/repo", tag="v1")
    with pytest.raises(HubError, match="user/repo: v1 is a tag; only branches can be pushed to"):
        publish(folder, Target("user/repo", "message", branch="v1"))


def test_a_file_that_holds_the_token_is_not_published(hub, folder):
    fill(folder, {"code.py": f"token = '{TOKEN}'"})
    with pytest.raises(HubError, match=r"code\.py: holds your token, which should stand in no file"):
        publish(folder, TARGET)
    assert hub.requests == []


def test_what_is_wrong_with_names_and_tokens_is_said_in_one_line(hub, folder, monkeypatch):
    hub.namespaces["hf_other"] = ["other"]
    for target, message in {
        Target("user/re po", "m"): "user/re po: no name of a repository; user/name is expected",
        Target("a/b/c", "m"): "a/b/c: no name of a repository",
        Target("other/repo", "m"): "other/repo: the token gives no right to write there",
        Target("user/repo", "m", token="hf_wrong"): "user/repo: the Hub does not accept the token; see http",
        Target("user/repo", "m", token=False): "user/repo: no token: log in with `hf auth login`",
        Target("user/repo", "m", branch="refs/pr/7"): "user/repo: the Hub refuses this",
    }.items():
        with pytest.raises(HubError) as caught:
            publish(folder, target)
        assert str(caught.value).startswith(message)
        assert "\n" not in str(caught.value)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(HubError, match="user/repo: the Hub is not to be asked: HF_HUB_OFFLINE is set"):
        publish(folder, TARGET)


def test_names_without_an_owner_are_the_users_own(hub):
    assert full_name("repo") == "user/repo"
    assert full_name("other/repo") == "other/repo"
    with pytest.raises(HubError, match="does not accept the token"):
        full_name("repo", "hf_wrong")
    hub.faults.append(Fault("500", path="whoami"))
    with pytest.raises(HubError, match=r"repo: the Hub failed \(500\)"):
        full_name("repo")


def test_a_card_with_damaged_metadata_is_not_published(hub, folder):
    fill(folder, {"README.md": signed("---\ntags: [\n---\n# A\n")})
    with pytest.raises(HubError, match=r"user/repo: the Hub.s client gives up: Invalid metadata in README\.md"):
        publish(folder, TARGET)
    assert published(hub) == {}
