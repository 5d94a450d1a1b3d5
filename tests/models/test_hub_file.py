import pytest

from hf_sluice.models.hub_file import FileSource
from tests.hub_server import Fault


@pytest.fixture
def repository(hub):
    hub.repository("user/repo").put({"a.json": b"first", "below/a.json": b"below", "other.json": b"other"})
    return hub.repository("user/repo")


def test_a_file_of_a_folder_is_where_it_lies(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.json").write_text("")

    assert FileSource(tmp_path, subfolder="below").file("a.json") == tmp_path / "below" / "a.json"
    with pytest.raises(FileNotFoundError, match=f"^{tmp_path}: holds no file a.json$"):
        FileSource(tmp_path).file("a.json")


def test_one_file_is_fetched_and_kept(hub, repository, tmp_path):
    first = repository.oid("main")
    repository.put({"a.json": b"second"})
    source = FileSource("user/repo", cache_dir=tmp_path)

    assert source.file("a.json").read_bytes() == b"second"
    assert FileSource("user/repo", first, cache_dir=tmp_path).file("a.json").read_bytes() == b"first"
    assert FileSource("user/repo", cache_dir=tmp_path, subfolder="below").file("a.json").read_bytes() == b"below"
    assert not any("other.json" in request.path for request in hub.requests)
    hub.requests.clear()
    kept = FileSource("user/repo", cache_dir=tmp_path, local_files_only=True).file("a.json")
    assert (kept.read_bytes(), hub.requests) == (b"second", [])


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (FileSource("user/repo"), FileNotFoundError, "user/repo: holds no file none.json"),
        (FileSource("user/repo", "v9"), OSError, "user/repo: there is no revision 'v9'"),
        (FileSource("user/other"), OSError, "user/other: no such folder, and no repository of this name on the Hub"),
        (FileSource("user/private", token="hf_else"), OSError, "user/private: no such folder, and no repository"),
        (FileSource("user/repo", local_files_only=True), OSError, "user/repo: none.json has not been fetched before"),
        (FileSource("no/such/folder"), OSError, "no/such/folder: none.json cannot be fetched"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line(hub, source, error, message):
    hub.repository("user/private").private = True
    hub.namespaces["hf_else"] = ["else"]

    with pytest.raises(error, match=f"^{message}") as caught:
        source.file("none.json")
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("method", "kind"),
    [("HEAD", "500"), ("HEAD", "429"), ("HEAD", "lost"), ("GET", "500"), ("GET", "429"), ("GET", "cut")],
)
def test_a_hub_that_fails_is_said_in_one_line(hub, monkeypatch, method, kind):
    monkeypatch.setattr("time.sleep", lambda _: None)
    hub.faults.append(Fault(kind, method, "a.json"))
    source = FileSource("user/repo")

    with pytest.raises(OSError, match=r"^user/repo: a\.json (has not been fetched before|cannot be fetched)") as caught:
        source.file("a.json")
    assert "\n" not in str(caught.value)
    hub.faults.clear()
    assert source.file("a.json").read_bytes() == b"first"
