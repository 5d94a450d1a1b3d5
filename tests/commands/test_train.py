from __future__ import annotations

import json

import pytest

from hf_sluice.recipe import load_recipe
from hf_sluice.training.run_folder import RunFolder
from tests.conftest import RECIPE, TINY
from tests.training.pruning.tiny_search import recipe_of

OVERRIDES = [part for override in TINY for part in ("--set", override)]


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(RECIPE.replace("[majority, single_task]", "[]"), encoding="utf-8")
    return path


def test_a_run_says_what_it_will_do_and_what_came_of_it(hf_sluice, recipe, tmp_path):
    done = hf_sluice("train", recipe, "--output", tmp_path / "run", *OVERRIDES, "--set", "baselines=[majority]")

    assert (done.code, done.err) == (0, "")
    plan, scores, alpha_1, alpha_2, beta = (
        done.out.index(text)
        for text in ("Tasks and the sentences", "Scores on test", "α, layer 1", "α, layer 2", "β: task")
    )
    assert plan < done.out.index("training sluice") < scores < alpha_1 < alpha_2 < beta
    results = RunFolder(tmp_path / "run").read_results()
    assert f"{results['parameters']:,}" in done.out[plan:scores]
    assert f"{results['alpha'][1][0][0]:.2f}" in done.out[alpha_2:beta]
    head = next(line for line in done.out[scores:].splitlines() if "domain" in line)
    assert head.index("majority") < head.index("sluice")
    assert f"Saved to {tmp_path / 'run'}" in done.out


def test_baselines_stand_beside_the_model(demo_run, hf_sluice):
    done = hf_sluice("train", demo_run.parent / "tiny.yaml", "--output", demo_run, "--resume", *OVERRIDES)

    assert done.code == 0
    assert "training" not in done.out.split("Scores on test")[0]
    head = next(line for line in done.out.splitlines() if "domain" in line)
    assert [name for name in ("majority", "single task", "sluice") if name in head] == [
        "majority", "single task", "sluice",
    ]  # fmt: skip
    assert (demo_run / "single_task" / "ner" / "results.json").exists()


def test_json_is_all_there_is_on_standard_output(hf_sluice, recipe, tmp_path):
    done = hf_sluice("train", recipe, "--output", tmp_path / "run", *OVERRIDES, "--json")
    values = json.loads(done.out)

    assert done.code == 0
    assert "training sluice" in done.err
    results = RunFolder(tmp_path / "run").read_results()
    assert values["folder"] == str(tmp_path / "run")
    assert values["alpha"] == results["alpha"]
    assert [row["value"] for row in values["scores"]["sluice"]["test"]] == [
        row.value for row in results["scores"]["sluice"]["test"]
    ]


def test_options_replace_what_the_recipe_says(hf_sluice, recipe, tmp_path):
    run = tmp_path / "elsewhere"
    done = hf_sluice("train", recipe, "--seed", 7, "-o", run, *OVERRIDES, "--set", "model.num_layers=1", "--json")

    assert done.code == 0
    saved = load_recipe(run / "recipe.yaml")
    assert (saved.seed, saved.output, saved.model["num_layers"]) == (7, str(run), 1)
    assert json.loads(done.out)["seed"] == 7
    assert len(json.loads(done.out)["alpha"]) == 1


def test_what_does_not_fit_leaves_a_finished_run_alone(hf_sluice, recipe, tmp_path):
    run = tmp_path / "run"
    assert hf_sluice("train", recipe, "--output", run, *OVERRIDES).code == 0
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    for wrong in ("model.alpha_init=[[1.0]]", "training.early_stopping.metric=nre", "data.test_domains=[nosuch]"):
        done = hf_sluice("train", recipe, "--output", run, "--overwrite", *OVERRIDES, "--set", wrong)
        assert (done.code, done.out) == (2, ""), wrong

    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_resume_and_overwrite_exclude_each_other(hf_sluice, recipe):
    assert hf_sluice("train", recipe, "--resume", "--overwrite").code == 2


@pytest.fixture
def sparse(tmp_path):
    path = tmp_path / "sparse.yaml"
    recipe = recipe_of(tmp_path / "run", masks={"choice": {"round": 1}}, baselines=["majority", "single_task"])
    path.write_text(recipe.to_yaml(), encoding="utf-8")
    return path


def test_a_run_of_sparse_sharing_shows_its_search_and_its_masks(hf_sluice, sparse, tmp_path):
    done = hf_sluice("train", sparse)

    assert done.code == 0
    plan, single, scores, subnets, gates, overlaps, parameters, saved = (
        done.out.index(text)
        for text in ("sparse sharing, 2 layers, 1,248 weights that can be masked", "training single task chunk",
                     "Scores on test", "Subnets: what remains of 1,248 masked weights", "Sparsity per gate",
                     "Overlap ratios", "Parameters: ", "Saved to")
    )  # fmt: skip
    assert plan < single < scores < subnets < gates < overlaps < parameters < saved
    head = next(line for line in done.out[scores:].splitlines() if "domain" in line)
    assert [name for name in ("majority", "single task", "sparse sharing") if name in head] == [
        "majority", "single task", "sparse sharing",
    ]  # fmt: skip
    results = RunFolder(tmp_path / "run").read_results()
    for number in ("parameters", "counted_parameters"):
        assert f"{results[number]:,}" in done.out[parameters:saved]
    assert "masks.safetensors" in done.out[saved:]
    assert [line.split(":")[0] for line in done.err.splitlines()] == ["warm-up", *["pos"] * 4, *["chunk"] * 4]


def test_a_run_of_sparse_sharing_as_json(hf_sluice, sparse, tmp_path):
    done = hf_sluice("train", sparse, "--json")
    values, results = json.loads(done.out), RunFolder(tmp_path / "run").read_results()

    assert values["masks"] == results["masks"]
    assert values["search"]["chosen_round"] == {"pos": 1, "chunk": 1}


def test_what_is_wrong_with_the_model_is_said_before_the_corpus_is_looked_for(hf_sluice, recipe, tmp_path):
    elsewhere = ("--set", "data.corpus=columns", "--set", f"data.root={tmp_path / 'nowhere'}")
    task = ("--set", "tasks=[{name: pos, decoder: crf}]")
    for wrong, said in ((("--set", "model.layers=3"), "model.layers"), (task, "decoder")):
        done = hf_sluice("train", recipe, "--output", tmp_path / "run", *OVERRIDES, *elsewhere, *wrong)
        assert done.code == 2
        assert said in done.err
        assert not (tmp_path / "run").exists()
