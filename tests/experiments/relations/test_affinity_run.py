from __future__ import annotations

import pytest

from hf_sluice.experiments.relations.affinity_run import affinity_point
from tests.experiments.relations.tiny_study import load


def training(folder, **changes):
    return affinity_point(load(folder, training=changes), 1).recipe.training


def test_all_tasks_are_trained_together_each_on_as_many_batches_as_alone(tmp_path):
    point = affinity_point(load(tmp_path), 7)
    assert point.recipe.task_names == ["pos", "ner", "chunk"]
    assert point.recipe.model["sharing"] == "hard_sharing"
    assert point.recipe.seed == 7
    assert point.recipe.training.epochs * point.recipe.training.steps_per_epoch == 3 * 5 * 4


@pytest.mark.parametrize(("optimizer", "rate"), [("adadelta", 0.1), ("adamw", 0.1), ("sgd", None)])
def test_it_is_measured_a_hundred_times_with_a_rate_of_gradient_descent(tmp_path, optimizer, rate):
    found = training(tmp_path, optimizer=optimizer, epochs=10, steps_per_epoch=100)
    assert (found.affinity.steps, found.affinity.learning_rate) == (30, rate)
    assert training(tmp_path).affinity.steps == 1


def test_what_the_recipe_says_of_affinity_is_kept(tmp_path):
    found = training(tmp_path, affinity={"steps": 4, "learning_rate": 0.5})
    assert (found.affinity.steps, found.affinity.learning_rate) == (4, 0.5)
