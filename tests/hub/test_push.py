import pytest

from hf_sluice.errors import UserError
from hf_sluice.hub.push import push, write_staged
from hf_sluice.models.hub_publishing import Target
from hf_sluice.prediction.model_folder import load_tagger
from tests.hub_server import Fault


@pytest.fixture(autouse=True)
def plain_card(monkeypatch):
    def write(_, target, *, run_folder, repo_id):
        (target / "README.md").write_text(f"# {repo_id} of {run_folder.name}\n", encoding="utf-8")

    monkeypatch.setattr("hf_sluice.hub.model_card.write_model_card", write)


def test_a_run_is_published_and_loads_again(hub, demo_run):
    lines = []
    found = push(str(demo_run), Target("repo", "message"), lines.append)
    files = hub.repository("user/repo").files()
    assert {"recipe.yaml", "results.json", "metrics.jsonl", "README.md", "architecture.json"} <= files.keys()
    assert b"# user/repo of run" in files["README.md"]
    assert found.repo_id == "user/repo"
    assert lines[0] == f"Putting {demo_run} together and trying it out"
    assert load_tagger("user/repo").model.config.tasks == load_tagger(str(demo_run)).model.config.tasks
    assert not push(str(demo_run), Target("user/repo", "message")).is_new


def test_a_failure_is_the_users(hub, demo_run):
    hub.faults.append(Fault("500"))
    with pytest.raises(UserError, match=r"^user/repo: the Hub failed \(500\); nothing was published"):
        push(str(demo_run), Target("user/repo", "message"))
    hub.faults.clear()
    with pytest.raises(UserError, match=r"^user/re po: no name of a repository"):
        push(str(demo_run), Target("user/re po", "message"))
    hub.requests.clear()
    with pytest.raises(UserError, match="no such folder"):
        push("./nosuch", Target("user/repo", "message"))
    assert hub.requests == []


def test_what_would_be_published_is_written_and_nobody_asked(hub, demo_run, tmp_path):
    sizes = write_staged(str(demo_run), "user/repo", tmp_path / "staged")
    push(str(demo_run), Target("user/repo", "message"))
    hub.repository("user/repo").files()
    published = hub.repository("user/repo").files()
    assert {name: len(published[name]) for name in sizes} == sizes
    assert published.keys() - sizes.keys() == {".gitattributes", "pushed_files.json"}
    with pytest.raises(UserError, match="is there already"):
        write_staged(str(demo_run), "user/repo", tmp_path / "staged")
