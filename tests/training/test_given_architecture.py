from __future__ import annotations

import json

import numpy as np
import pytest

from hf_sluice.checkout import package_commit
from hf_sluice.errors import RecipeError
from hf_sluice.experiments.mask_search import search_masks
from hf_sluice.models.sharing_architecture import SharingArchitecture
from hf_sluice.recipe import Recipe, load_recipe
from hf_sluice.training.building import check_model_section
from hf_sluice.training.run import train_recipe
from hf_sluice.training.run_folder import RunFolder

SIZES = {"char_hidden_size": 4, "char_embedding_size": 4, "head_hidden_size": 4, "word_embedding_size": 6}


def recipe_of(output, source, **values):
    """A recipe with the architecture of a run, on other sentences."""
    return Recipe.model_validate({
        "data": {"options": {"train_sentences": 24, "validation_sentences": 8, "test_sentences": 8}},
        "tasks": ["pos", "chunk", "ner"],
        "model": SIZES,
        "training": {"epochs": 1},
        "architecture": {"source": str(source)},
        "output": str(output),
        **values,
    })  # fmt: skip


def same(one, other):
    return one.tobytes() == other.tobytes() and one.dtype == other.dtype == np.float32


def test_a_frozen_architecture_is_kept_bit_for_bit(hf_sluice, hub, demo_run, tmp_path):
    """From the Hub through the command to a saved model."""
    names = ("architecture.json", "config.json", "model.safetensors")
    hub.repository("user/repo").put({name: (demo_run / "model" / name).read_bytes() for name in names})
    recipe = recipe_of(tmp_path / "run", "user/repo", baselines=["single_task"], tasks=["ner", "pos"])
    (tmp_path / "frozen.yaml").write_text(recipe.to_yaml(), encoding="utf-8")
    done = hf_sluice("train", tmp_path / "frozen.yaml")
    learned, kept = (SharingArchitecture.load(run / "model") for run in (demo_run, tmp_path / "run"))

    assert (done.code, "frozen architecture" in done.out) == (0, True)
    assert not any("model.safetensors" in request.path for request in hub.requests)
    units = [4, 5, 0, 1]  # subspaces of ner and pos
    assert same(kept.mixing.alpha, learned.mixing.alpha[:, units][:, :, units])
    assert same(kept.mixing.beta, learned.mixing.beta[[2, 0]])
    assert kept.origin.commit == package_commit()
    results = RunFolder(tmp_path / "run").read_results()
    assert results["architecture"] == {
        "source": "user/repo",
        "revision": hub.repository("user/repo").oid("main"),
        "sha256": learned.digest,
        "learn": "frozen",
        "tasks": {},
    }
    assert RunFolder(tmp_path / "run" / "single_task" / "ner").read_results()["parameters"] < results["parameters"]
    assert (tmp_path / "run" / "recipe.yaml").read_text(encoding="utf-8") == recipe.to_yaml()
    assert hf_sluice("train", tmp_path / "frozen.yaml", "--resume").code == 0
    assert load_recipe(tmp_path / "run" / "single_task" / "ner" / "recipe.yaml").architecture is None
    config = json.loads((tmp_path / "run" / "single_task" / "ner" / "model" / "config.json").read_text())
    assert (config["hidden_size"], config["num_layers"], config["sharing"]) == (8, 2, "single_task")


def test_learning_goes_on_from_a_learned_architecture(demo_run, tmp_path):
    learned = SharingArchitecture.load(demo_run / "model")
    mapped = {"source": str(demo_run), "learn": "start", "tasks": {"srl": "chunk", "pos": None}}
    described = []
    recipe = recipe_of(
        tmp_path, demo_run, tasks=["srl", "pos"], architecture=mapped, model={**SIZES, "hidden_size": 12}
    )
    train_recipe(
        recipe, describe=lambda trainer: described.append(SharingArchitecture.of_model(trainer.model)), save_model=False
    )
    results = RunFolder(tmp_path).read_results()

    (start,) = described
    assert same(start.mixing.alpha[:, :2, :2], learned.mixing.alpha[:, 2:4, 2:4])
    assert same(start.mixing.beta[0], learned.mixing.beta[1])
    assert (start.mixing.sharing, start.hidden_size) == ("sluice", 12)
    assert not np.array_equal(np.float32(results["alpha"]), start.mixing.alpha)
    assert results["system"] == "architecture as start"
    assert results["architecture"]["source"] == demo_run.name  # not where it lies on this machine
    assert (results["architecture"]["revision"], results["architecture"]["tasks"]) == (None, mapped["tasks"])


def test_masks_are_kept_and_no_search_is_made(sparse_run, tmp_path):
    learned = SharingArchitecture.load(sparse_run / "model")
    mapped = {"source": str(sparse_run), "tasks": {"srl": "ner", "pos": None}}
    recipe = recipe_of(
        tmp_path / "run", sparse_run, tasks=["srl", "pos", "chunk"], architecture=mapped,
        model={"model_type": "sparse_sharing"}, training={"epochs": 1, "step": "per_task"},
    )  # fmt: skip
    train_recipe(recipe)
    kept = SharingArchitecture.load(tmp_path / "run" / "model")

    for task, source in (("srl", "ner"), ("chunk", "chunk")):
        for name, mask in learned.subnets.masks.masks[source].items():
            assert kept.subnets.masks.masks[task][name].equal(mask)
    assert kept.subnets.measures["sparsity"]["pos"] == 1
    assert not (tmp_path / "run" / "search").exists()
    results = RunFolder(tmp_path / "run").read_results()
    assert (results["system"], results["search"]["candidates"]) == ("given masks", {})
    with pytest.raises(RecipeError, match=r"^architecture: its masks need no search; train the recipe$"):
        search_masks(recipe, tmp_path / "search")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"architecture": {"source": "nowhere/at/all"}}, "architecture.source: nowhere/at/all: no such folder"),
        ({"model": {"model_type": "sparse_sharing"}}, "architecture.source: .* is of a model of type sluice, model"),
        ({"tasks": ["srl"]}, "architecture: tasks: there is no 'srl' in the architecture; map 'srl' to one of pos"),
        ({"model": {"num_layers": 3}}, "architecture: num_layers: the architecture is one of num_layers 2, not 3"),
        ({"model": {"hidden_size": 7}}, "architecture: hidden_size 7 cannot be cut into num_subspaces 2 equal parts"),
        ({"model": {"layers": 3}}, "model.layers is no field of a recipe"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_said_before_anything_is_written(demo_run, tmp_path, values, message):
    recipe = recipe_of(tmp_path / "run", demo_run, **values)
    for check in (check_model_section, train_recipe):
        with pytest.raises(RecipeError, match=f"^{message}"):
            check(recipe)
    assert not (tmp_path / "run").exists()
