import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.hub.staged_folder import stage
from hf_sluice.models.generated_card import is_untouched
from hf_sluice.models.sharing_architecture import SharingArchitecture
from hf_sluice.models.travelling_code import code_files
from hf_sluice.prediction.model_folder import load_tagger
from hf_sluice.recipe import load_recipe

OF_THE_MODEL = {"config.json", "model.safetensors", "vocabulary.json", "tokenizer_config.json", "architecture.json"}
RECORDS = {"recipe.yaml", "results.json", "metrics.jsonl"}


@pytest.fixture(scope="module")
def run(demo_run, tmp_path_factory):
    """The same run, as if it had been made with files in somebody's home."""
    copy = shutil.copytree(demo_run, tmp_path_factory.mktemp("home") / "run")
    results = json.loads((copy / "results.json").read_text(encoding="utf-8"))
    results["data"]["notes"] = [f"{copy}/a.conll: 3 lines are empty"]
    (copy / "results.json").write_text(json.dumps(results), encoding="utf-8")
    (copy / "notes.txt").write_text("mine", encoding="utf-8")
    (copy / "model" / "pytorch_model.bin").write_bytes(b"pickle")
    return copy


@pytest.fixture(scope="module")
def staged(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("staged")
    stage(str(run), folder, "user/repo")
    return folder


@pytest.fixture
def plain_card(monkeypatch):
    """A card that takes no time to write."""

    def write(_, target, *, run_folder, repo_id):
        (target / "README.md").write_text(f"# {repo_id} {run_folder and run_folder.name}\n", encoding="utf-8")

    monkeypatch.setattr("hf_sluice.hub.model_card.write_model_card", write)


def test_all_that_belongs_to_a_run_is_there_and_nothing_else(staged):
    code = {path.name for path in code_files(["modeling_sluice", "tokenization_tagger", "pipeline_multitask"])}
    figures = {f"figures/{path.name}" for path in (staged / "figures").iterdir()}
    found = {path.relative_to(staged).as_posix() for path in staged.rglob("*") if path.is_file()}
    assert figures
    assert found == OF_THE_MODEL | RECORDS | code | figures | {"README.md"}


def test_model_and_architecture_are_those_of_the_run(run, staged):
    (before, after) = (load_tagger(str(folder)).model.state_dict() for folder in (run, staged))
    assert before.keys() == after.keys()
    assert all(torch.equal(of, after[name]) for name, of in before.items())
    for name in ("model.safetensors", "vocabulary.json", "architecture.json"):
        assert (staged / name).read_bytes() == (run / "model" / name).read_bytes()


def test_the_card_is_known_as_a_generated_one(staged):
    assert is_untouched((staged / "README.md").read_text(encoding="utf-8"))


def test_records_say_nothing_of_this_machine(run, staged):
    results = json.loads((staged / "results.json").read_text(encoding="utf-8"))
    assert results["data"]["notes"] == ["a.conll: 3 lines are empty"]
    assert load_recipe(staged / "recipe.yaml").tasks == load_recipe(run / "recipe.yaml").tasks
    texts = [path.read_text(encoding="utf-8") for path in staged.rglob("*") if path.suffix in {".json", ".yaml", ".md"}]
    assert not any(str(place) in text for text in texts for place in (run.parent, Path.home() / "x"))


@pytest.mark.usefixtures("plain_card")
def test_a_card_that_tells_of_this_machine_is_not_published(run, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "hf_sluice.hub.model_card.write_model_card",
        lambda _, target, **__: (target / "README.md").write_text(f"see {run}/results.json"),
    )
    with pytest.raises(UserError, match=r"README\.md: would tell of .* on this machine; nothing was published"):
        stage(str(run), tmp_path, "user/repo")


@pytest.mark.usefixtures("plain_card")
def test_a_model_of_no_run_has_no_records(run, tmp_path):
    model = shutil.copytree(run / "model", tmp_path / "alone")
    (tmp_path / "staged").mkdir()
    stage(str(model), tmp_path / "staged", "user/repo")
    assert not RECORDS & {path.name for path in (tmp_path / "staged").iterdir()}
    assert "# user/repo None" in (tmp_path / "staged" / "README.md").read_text(encoding="utf-8")


@pytest.mark.usefixtures("plain_card")
def test_the_model_folder_of_a_run_is_that_run(run, tmp_path):
    stage(str(run / "model"), tmp_path, "user/repo")
    assert {path.name for path in tmp_path.iterdir()} >= RECORDS


@pytest.mark.usefixtures("plain_card")
def test_a_model_of_an_earlier_version_gets_its_architecture(run, tmp_path):
    model = shutil.copytree(run / "model", tmp_path / "alone")
    (model / "architecture.json").unlink()
    (tmp_path / "staged").mkdir()
    stage(str(model), tmp_path / "staged", "user/repo")
    expected = SharingArchitecture.of_model(load_tagger(str(model)).model)
    assert SharingArchitecture.load(tmp_path / "staged").digest == expected.digest


@pytest.mark.usefixtures("plain_card")
def test_an_unfinished_run_or_none_is_refused(run, tmp_path):
    begun = shutil.copytree(run, tmp_path / "begun")
    (begun / "results.json").unlink()
    for name in (begun, begun / "model"):
        with pytest.raises(UserError, match="the run has not come to its end"):
            stage(str(name), tmp_path, "user/repo")
    with pytest.raises(ModelFolderError, match="no such folder"):
        stage("./nosuch", tmp_path, "user/repo")


@pytest.mark.usefixtures("plain_card")
def test_a_folder_that_does_not_load_as_the_same_model_is_not_published(run, tmp_path, monkeypatch):
    weights = load_file(run / "model" / "model.safetensors")
    name, value = next(iter(weights.items()))

    def damage(folder, _):
        save_file({**weights, name: value + 1}, folder / "model.safetensors", {"format": "pt"})

    monkeypatch.setattr("hf_sluice.hub.staged_folder.add_code", damage)
    with pytest.raises(UserError, match=f"{name} does not come back as it was saved; nothing was published"):
        stage(str(run), tmp_path, "user/repo")
