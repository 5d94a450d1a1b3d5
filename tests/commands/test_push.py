import pytest

from tests.hub_server import Fault


@pytest.fixture(autouse=True)
def plain_card(monkeypatch):
    def write(_, target, *, run_folder, repo_id):
        (target / "README.md").write_text(f"# {repo_id} of {run_folder.name}\n", encoding="utf-8")

    monkeypatch.setattr("hf_sluice.hub.model_card.write_model_card", write)


def test_a_push_says_what_it_did_and_how_to_go_on(hub, hf_sluice, demo_run):
    done = hf_sluice("push", demo_run, "user/repo", "-m", "first")
    commit = hub.repository("user/repo").oid("main")
    lines = done.out.splitlines()
    assert done.code == 0
    assert lines[0].startswith(f"Pushed {len(hub.repository('user/repo').files()) - 2} files, 0.")
    assert lines[1:] == [
        "README.md: generated",
        f"{hub.url}/user/repo/commit/{commit}",
        'Use it: hf-sluice predict user/repo --text "…"',
        'or AutoModelForTokenClassification.from_pretrained("user/repo", trust_remote_code=True)',
    ]
    assert "Putting" in done.err
    assert hub.repository("user/repo").history()[0].title == "first"
    tagged = hf_sluice("predict", "user/repo", "--text", "The old bank .")
    assert tagged.code == 0
    assert "old\t" in tagged.out

    hub.repository("user/repo").put({"README.md": b"mine"})
    again = hf_sluice("push", demo_run, "user/repo")
    assert "README.md: kept as it is; a person wrote or changed it" in again.out
    assert "Everything was there already; there is no new commit" in again.out
    assert hub.repository("user/repo").files()["README.md"] == b"mine"


def test_branches_and_pull_requests(hub, hf_sluice, demo_run):
    done = hf_sluice("push", demo_run, "user/repo", "--revision", "dev")
    assert 'hf-sluice predict user/repo@dev --text "…"' in done.out
    assert 'from_pretrained("user/repo", revision="dev", trust_remote_code=True)' in done.out
    assert hf_sluice("predict", "user/repo@dev", "--text", "The old bank .").code == 0
    done = hf_sluice("push", demo_run, "user/repo", "--create-pr")
    assert f"{hub.url}/user/repo/discussions/1" in done.out
    assert "user/repo@refs/pr/1" in done.out
    refused = hf_sluice("push", demo_run, "user/repo", "--create-pr", "--revision", "dev")
    assert (refused.code, "leave out --revision" in refused.err) == (2, True)


def test_a_dry_run(hub, hf_sluice, demo_run, tmp_path):
    done = hf_sluice("push", demo_run, "user/repo", "--folder", tmp_path / "staged")
    assert done.code == 0
    assert done.out.endswith(f"Written to {tmp_path / 'staged'}; nothing was pushed\n")
    assert "  model.safetensors\n" in done.out
    assert (tmp_path / "staged" / "modeling_sluice.py").exists()
    assert hub.requests == []


def test_what_goes_wrong_is_one_line_and_code_2(hub, hf_sluice, demo_run, monkeypatch):
    messages = {
        ("user/repo", "--token", "hf_wrong"): "user/repo: the Hub does not accept the token",
        ("other/repo",): "other/repo: the token gives no right to write there",
        ("a/b/c",): "a/b/c: no name of a repository",
    }
    for arguments, message in messages.items():
        done = hf_sluice("push", demo_run, *arguments)
        assert done.code == 2
        assert done.err.splitlines()[-1].startswith(f"hf-sluice: {message}")
    hub.faults.append(Fault("500"))
    done = hf_sluice("push", demo_run, "user/repo")
    assert (done.code, "the Hub failed (500); nothing was published" in done.err.splitlines()[-1]) == (2, True)
    monkeypatch.delenv("HF_TOKEN")
    done = hf_sluice("push", demo_run, "user/repo")
    assert (done.code, "no token: log in with `hf auth login`" in done.err.splitlines()[-1]) == (2, True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    done = hf_sluice("push", demo_run, "user/repo", "--token", "hf_test")
    assert (done.code, "HF_HUB_OFFLINE is set" in done.err.splitlines()[-1]) == (2, True)
