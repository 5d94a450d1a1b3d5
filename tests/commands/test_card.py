from __future__ import annotations

import shutil

import pytest

from tests.hub.card_checks import assert_well_formed


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_run_gets_a_card_with_pictures_and_its_architecture(hf_sluice, demo_run, tmp_path):
    done = hf_sluice("card", demo_run, "--output", tmp_path / "card", "--repo-id", "user/demo")

    assert (done.code, done.out, done.err) == (0, f"Written to {tmp_path / 'card'}\n", "")
    assert files_of(tmp_path / "card") == {"README.md", "architecture.json", "figures/alpha.png", "figures/beta.png"}
    assert assert_well_formed(tmp_path / "card").data.model_name == "demo"


def test_a_model_outside_of_a_run_has_one_without_scores_beside_itself(hf_sluice, demo_run, tmp_path):
    shutil.copytree(demo_run / "model", tmp_path / "model")
    before = (tmp_path / "model" / "architecture.json").read_bytes()

    assert hf_sluice("card", tmp_path / "model", "-o", tmp_path / "model").code == 0
    assert "No scores of it are on record." in assert_well_formed(tmp_path / "model").text
    assert (tmp_path / "model" / "architecture.json").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["missing", "-o", "card"], "missing: no such folder"),
        (["RUN", "-o", "card", "--repo-id", "a b"], "'a b' cannot be a name on the Hub; user/name is expected"),
        (["RUN", "-o", "a_file/card"], "figures"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(hf_sluice, demo_run, tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a_file").touch()
    done = hf_sluice("card", *(demo_run if argument == "RUN" else argument for argument in arguments))

    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert done.err.count("\n") == 1
