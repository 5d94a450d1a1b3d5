from __future__ import annotations

import json

import pytest
import yaml

from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.mask_measures import sparsity
from hf_sluice.training.pruning.workbench import Workbench
from hf_sluice.training.run_folder import RunFolder
from tests.training.pruning.tiny_search import outcome, recipe_of


@pytest.fixture
def recipe(tmp_path):
    values = recipe_of(tmp_path / "run", masks={"choice": {"pos": {"round": 1}, "chunk": {"round": 3}}}).model_dump()
    path = tmp_path / "sparse.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def test_candidates_and_masks_are_shown_and_where_they_are(hf_sluice, recipe, tmp_path):
    done = hf_sluice("search", recipe)
    folder = tmp_path / "run" / "search"

    assert done.code == 0
    pos, chunk, subnets, overlaps, saved = (
        done.out.index(text)
        for text in (
            "Candidates for pos",
            "Candidates for chunk",
            "Subnets: what remains",
            "Overlap ratios",
            "Saved to",
        )
    )
    assert pos < chunk < subnets < overlaps < saved
    assert f"Saved to {folder}: masks.safetensors" in done.out
    for start, end, chosen in ((pos, chunk, 1), (chunk, subnets, 3)):
        rows = [line for line in done.out[start:end].splitlines() if "%" in line]
        assert [("◀" in row) for row in rows] == [number == chosen for number in range(4)]
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["warm-up", *["pos"] * 4, *["chunk"] * 4]
    assert list(MaskSet.load(folder / "masks.safetensors").masks) == ["pos", "chunk"]


def test_json_is_all_there_is_on_standard_output(hf_sluice, recipe, tmp_path):
    done = hf_sluice("search", recipe, "--json", "--folder", tmp_path / "elsewhere")
    values = json.loads(done.out)
    masks = MaskSet.load(tmp_path / "elsewhere" / "masks.safetensors").masks

    assert done.code == 0
    assert values["folder"] == str(tmp_path / "elsewhere")
    assert values["chosen_round"] == {"pos": 1, "chunk": 3}
    assert [one["round"] for one in values["candidates"]["pos"]] == [0, 1, 2, 3]
    assert values["masks"]["sparsity"] == {task: sparsity(mask) for task, mask in masks.items()}
    assert not (tmp_path / "run").exists()


def test_training_takes_the_masks_that_were_searched_for(hf_sluice, recipe, tmp_path, monkeypatch):
    assert hf_sluice("search", recipe).code == 0
    before = outcome(tmp_path / "run" / "search")
    monkeypatch.setattr(Workbench, "train", None)
    done = hf_sluice("train", recipe)

    assert (done.code, done.err) == (0, "")
    assert outcome(tmp_path / "run" / "search") == before
    searched = MaskSet.load(tmp_path / "run" / "search" / "masks.safetensors").masks
    shares = {task: sparsity(mask) for task, mask in searched.items()}
    assert RunFolder(tmp_path / "run").read_results()["masks"]["sparsity"] == shares


def test_options_replace_what_the_recipe_says(hf_sluice, recipe, tmp_path):
    done = hf_sluice(
        "search", recipe, "--seed", 7, "--set", "masks.final_sparsity=0.8", "--set", "masks.choice=best", "--json"
    )
    values = json.loads(done.out)

    assert [one["round"] for one in values["candidates"]["pos"]] == [0, 1]
    saved = yaml.safe_load((tmp_path / "run" / "search" / "recipe.yaml").read_text(encoding="utf-8"))
    assert (saved["seed"], saved["masks"]["final_sparsity"]) == (7, 0.8)


def test_another_choice_takes_other_candidates_of_the_same_search(hf_sluice, recipe, monkeypatch):
    assert hf_sluice("search", recipe).code == 0
    monkeypatch.setattr(Workbench, "train", None)
    done = hf_sluice("search", recipe, "--set", "masks.choice={round: 2}", "--json")

    assert json.loads(done.out)["chosen_round"] == {"pos": 2, "chunk": 2}
