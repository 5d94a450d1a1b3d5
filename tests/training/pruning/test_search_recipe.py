from __future__ import annotations

from dataclasses import fields

import pytest

from hf_sluice.experiments.grid import run_key
from hf_sluice.recipe import Recipe
from hf_sluice.training.pruning.search import search
from hf_sluice.training.pruning.search_recipe import mask_settings, search_recipe
from hf_sluice.training.pruning.settings import MaskSettings
from hf_sluice.training.pruning.workbench import Workbench
from hf_sluice.training.settings import TrainingSettings
from tests.training.pruning.tiny_search import bench_of, corpus_of, folder_of, outcome, recipe_of, searched

RECIPE = recipe_of()
STOPPING = {"early_stopping": {"metric": "pos", "patience": 1}}
SAME = {
    "choice": {"masks": {"choice": {"sparsity": 0.5}}},
    "choice by task": {"masks": {"choice": {"pos": {"round": 1}}}},
    "random masks": {"masks": {"method": "random"}},
    "layers": {"masks": {"method": "layers", "task_layers": {"pos": 2}}},
    "hard sharing": {"masks": {"method": "all"}},
    "some of the tasks": {"tasks": ["chunk"], "masks": {"search_tasks": ["pos", "chunk"]}},
    "tasks in another order": {"tasks": ["chunk", "pos"], "masks": {"search_tasks": ["pos", "chunk"]}},
    "default task": {"model": {"default_task": "chunk"}},
    "baselines": {"baselines": ["majority", "single_task"]},
    "output": {"output": "elsewhere"},
}
OTHERS = {
    "seed": {"seed": 1},
    "tasks": {"tasks": ["pos", "chunk", "ner"]},
    "order of the tasks": {"tasks": ["chunk", "pos"]},
    "weight of a task": {"tasks": ["pos", {"name": "chunk", "weight": 2.0}]},
    "data": {"data": {"options": {"train_sentences": 23}}},
    "tokenizer": {"tokenizer": {"min_count": 2}},
    "network": {"model": {"hidden_size": 6}},
    "decoder": {"model": {"decoder": "mlp"}},
    "dropout": {"model": {"dropout": 0.1}},
    "scores": {"masks": {"method": "scores"}},
    "scope": {"masks": {"scope": "layer"}},
    "pruning rate": {"masks": {"pruning_rate": 0.2}},
    "final sparsity": {"masks": {"final_sparsity": 0.2}},
    "epochs of a round": {"masks": {"epochs": 2}},
    "warm-up": {"masks": {"warmup_epochs": 2}},
}
# What the search reads of `training`, each with another value than RECIPE has; all else is dropped.
READ = {
    "batch_size": 4, "micro_batch_size": 3, "step": "joint", "sampling": "proportional", "temperature": 3.0,
    "optimizer": "adamw", "optimizer_state": "shared", "learning_rate": 0.1, "learning_rate_decay": 0.1,
    "warmup_steps": 3, "steps_per_epoch": 4, "momentum": 0.5, "weight_decay": 0.1, "max_grad_norm": 1.0,
    "bucket_size": 2, "batch_tokens": 40, "learning_rate_schedule": "linear", "word_dropout": 0.5,
    "word_dropout_alpha": 0.5,
}  # fmt: skip
DROPPED = {
    "epochs": 9, "objective": "uncertainty", "early_stopping": {"metric": "pos", "patience": 1},
    "checkpoint_steps": 7, "log_steps": 5, "affinity": {"steps": 3}, "mixed_precision": "bf16",
    "trackers": ["tensorboard"], "average_decay": 0.5, "cuda_graphs": True, "batch_growth": 2.0,
    "first_batch_size": 2,
}  # fmt: skip

JOINT = ("objective", "first_batch_size")  # that steps of one task do not go with


@pytest.mark.parametrize("name", SAME)
def test_recipes_share_the_search_where_they_differ_in_what_they_make_of_it(name):
    same = search_recipe(recipe_of(**SAME[name]))

    assert same == search_recipe(RECIPE)
    assert run_key(same) == run_key(search_recipe(RECIPE))


@pytest.mark.parametrize("name", OTHERS)
def test_recipes_that_search_otherwise_do_not(name):
    other = search_recipe(recipe_of(**OTHERS[name]))

    assert other != search_recipe(RECIPE)
    assert run_key(other) != run_key(search_recipe(RECIPE))


def test_every_field_of_training_is_read_or_dropped():
    assert {field.name for field in fields(TrainingSettings)} == READ.keys() | DROPPED.keys()
    assert not READ.keys() & DROPPED.keys()


@pytest.mark.parametrize("name", DROPPED)
def test_what_the_final_training_alone_reads_is_dropped(name):
    step = {"step": "joint"} if name in JOINT else {}
    found = search_recipe(recipe_of(training={name: DROPPED[name], **step}))

    assert found == search_recipe(recipe_of(training=step))


@pytest.mark.parametrize("name", READ)
def test_what_the_search_reads_is_kept(name):
    instead = {"batch_size": 32} if name == "batch_tokens" else {}  # of sentences, the default
    found = search_recipe(recipe_of(training={name: READ[name], **instead}))

    assert getattr(found.training, name) == READ[name] != getattr(RECIPE.training, name)


def test_it_is_a_recipe_and_its_own_search():
    recipe = recipe_of(**SAME["some of the tasks"], baselines=["majority"])
    found = search_recipe(recipe)

    assert found.task_names == ["pos", "chunk"]
    assert Recipe.model_validate(found.model_dump()) == found
    assert search_recipe(found) == found


@pytest.mark.parametrize("objective", ["famo", "uncertainty", {"name": "dwa", "temperature": 1.0}], ids=str)
def test_an_objective_for_joint_steps_does_not_keep_a_round_from_training_one_task(objective):
    bench = bench_of(recipe_of(training={"step": "joint", "objective": objective}))

    assert bench.train(bench.model, "pos", 0) > 0


def test_without_a_section_the_defaults_stand_for_it():
    recipe = recipe_of().model_copy(update={"masks": None})

    assert mask_settings(recipe) == MaskSettings()
    assert mask_settings(RECIPE) is RECIPE.masks


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("searches")
    searched(folder, RECIPE)
    return outcome(folder)


@pytest.mark.parametrize("name", DROPPED)
def test_what_is_dropped_has_no_influence_on_the_search(tmp_path, undisturbed, name):
    whole = recipe_of(training={name: DROPPED[name], **({"step": "joint"} if name in JOINT else {})})
    if name in JOINT:  # with steps of all tasks, in which it would count
        searched(tmp_path / "fixed", recipe_of(training={"step": "joint"}))
        undisturbed = outcome(tmp_path / "fixed")
    bench = Workbench(whole, corpus_of(whole))
    search(bench, folder_of(tmp_path / "whole", whole), whole.task_names, lambda _line: None)

    assert outcome(tmp_path / "whole") == undisturbed
