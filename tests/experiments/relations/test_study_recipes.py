from __future__ import annotations

import pytest

from hf_sluice.errors import RecipeError
from hf_sluice.experiments.relations.study_recipes import budget, check_study_recipe, study_recipe
from hf_sluice.training.building import build_corpus
from tests.experiments.relations.tiny_study import load, part


def test_pairs_get_twice_the_batches_so_that_each_task_sees_as_many(tmp_path):
    recipe = load(tmp_path)
    alone, together = (study_recipe(recipe, tasks, 1).training for tasks in (["pos"], ["pos", "ner"]))

    assert (alone.epochs * alone.steps_per_epoch, together.epochs * together.steps_per_epoch) == (20, 40)
    assert budget(recipe) == 20


@pytest.mark.parametrize("tasks", [["ner"], ["pos", "chunk"]])
def test_the_protocol_is_the_papers(tmp_path, tasks):
    made = study_recipe(load(tmp_path, baselines=["majority"]), tasks, 7)
    training = made.training

    assert (training.step, training.sampling) == ("per_task", "uniform")
    assert (training.early_stopping.patience, training.early_stopping.keep) == (None, "last")
    assert (made.task_names, made.seed, made.baselines) == (tasks, 7, [])


def test_tasks_alone_and_in_pairs_differ_in_nothing_else(tmp_path):
    recipe = load(tmp_path)
    alone, together = study_recipe(recipe, ["pos"], 1), study_recipe(recipe, ["pos", "ner"], 1)

    assert (alone.model.pop("sharing"), together.model.pop("sharing")) == ("single_task", "hard_sharing")
    assert alone.model == together.model == recipe.model
    assert alone.tokenizer == together.tokenizer
    assert alone.training.learning_rate == together.training.learning_rate


def test_another_sharing_of_pairs_may_be_said(tmp_path):
    recipe = load(tmp_path, model={"sharing": "sluice"})

    assert study_recipe(recipe, ["pos"], 1).model["sharing"] == "single_task"
    assert study_recipe(recipe, ["pos", "ner"], 1).model["sharing"] == "sluice"


def test_a_run_reads_the_sentences_of_its_tasks_alone(tmp_path):
    recipe = load(tmp_path)
    alone, together = (build_corpus(study_recipe(recipe, tasks, 1)) for tasks in (["ner"], ["ner", "chunk"]))

    assert alone["train"]["sent_id"][:] == together["train"]["sent_id"][:24]
    assert {row.split("/")[0] for row in together["train"]["sent_id"]} == {"b", "c"}


BAD = {
    "one task": ({"tasks": ["pos"]}, "tasks: a study of task relations needs at least 2 tasks, not pos"),
    "unknown task": ({"tasks": ["pos", "nre"]}, "tasks: there is no task 'nre'; there is pos, ner, chunk"),
    "no budget": ({"training": {"steps_per_epoch": None}}, "training.steps_per_epoch: should be set"),
    "no losses": ({"training": {"log_steps": None}}, "training.log_steps: should be set"),
    "masks": ({"model": {"model_type": "sparse_sharing"}}, "model.model_type: a study of task relations trains sluice"),
    "sentences of all": ({"data": {"max_sentences": {"train": 9}}}, "data.max_sentences: would draw other sentences"),
    "unknown field": ({"model": {"hiden_size": 5}}, "model.hiden_size is no field of a recipe"),
    "unknown corpus": (
        {"data": {"options": {"parts": {"a": {"corpus": "dmeo"}}}}},
        "parts.a: corpus 'dmeo' is unknown; choose one of",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_recipe_that_makes_no_study_is_refused(tmp_path, name):
    changes, message = BAD[name]
    with pytest.raises(RecipeError) as caught:
        check_study_recipe(load(tmp_path, **changes), "tiny.yaml")

    assert str(caught.value).startswith(f"tiny.yaml: {message}")
    assert "\n" not in str(caught.value)


def test_a_good_recipe_is_not_refused(tmp_path):
    check_study_recipe(load(tmp_path), "tiny.yaml")
    check_study_recipe(load(tmp_path, data={"corpus": "demo", "options": {}}), "tiny.yaml")
    assert part("pos", 1)["corpus"] == "demo"
