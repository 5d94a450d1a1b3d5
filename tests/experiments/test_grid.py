from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.errors import RecipeError
from hf_sluice.experiments.grid import merged, run_key
from hf_sluice.recipe import make_recipe
from tests.experiments.tiny_experiment import AXES, RECIPE, grid

TREES = st.recursive(
    st.none() | st.integers() | st.lists(st.integers(), max_size=2),
    lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3),
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


def recipe(**changes):
    return make_recipe({"tasks": ["pos", "chunk"], "output": "x", **changes}, "here")


def test_there_is_a_point_per_choice_and_seed(tmp_path):
    found = grid(tmp_path, seeds=[1, 2])

    assert [(p.values["system"], p.values["source"], p.recipe.seed) for p in found] == [
        (system, source, seed) for system in AXES["system"] for source in AXES["source"] for seed in (1, 2)
    ]
    assert len({point.key for point in found}) == len(found)


def test_without_axes_there_is_a_point_per_seed(tmp_path):
    recipe = {**RECIPE, "tasks": ["pos"]}
    assert [point.label for point in grid(tmp_path, recipe=recipe, axes={}, seeds=[1, 2])] == ["seed 1", "seed 2"]
    assert grid(tmp_path, recipe=recipe, axes={}, seeds=[]) == []


def test_points_are_left_out(tmp_path):
    found = grid(tmp_path, skip=[{"system": "sluice", "source": "news"}])
    assert [tuple(point.values.values()) for point in found] == [
        ("single task", "all"), ("single task", "news"), ("sluice", "all"),
    ]  # fmt: skip


def test_axes_change_the_recipe_and_later_ones_win(tmp_path):
    axes = {"a": {"x": {"training": {"epochs": 5}, "tasks": ["pos", "ner"]}}, "b": {"y": {"training": {"epochs": 7}}}}
    (point,) = grid(tmp_path, axes=axes)

    assert point.recipe.training.epochs == 7
    assert point.recipe.training.batch_size == RECIPE["training"]["batch_size"]
    assert point.recipe.tasks == ["pos", "ner"]
    assert point.recipe.model == RECIPE["model"]


def test_a_point_that_is_no_recipe_is_named_with_its_file(tmp_path):
    axes = {**AXES, "rate": {"slow": {"training": {"learning_rate": 0}}}}
    with pytest.raises(
        RecipeError, match=r"^tiny.yaml: system: single task, source: all, rate: slow, seed 1: training"
    ):
        grid(tmp_path, axes=axes)


def test_equal_runs_of_different_experiments_have_one_key(tmp_path):
    sluice = {**RECIPE, **AXES["system"]["sluice"]}
    (alone,) = grid(tmp_path, title="other", name="other", recipe=sluice, axes={"n": {"1": {}}})

    assert alone.key in {point.key for point in grid(tmp_path)}


def test_the_order_of_fields_does_not_change_a_key():
    one = recipe(training={"epochs": 3, "learning_rate": 0.5}, model={"num_layers": 1, "hidden_size": 4})
    other = make_recipe(
        {"output": "y", "model": {"hidden_size": 4, "num_layers": 1}, "training": {"learning_rate": 0.5, "epochs": 3},
         "tasks": ["pos", "chunk"]}, "here")  # fmt: skip

    assert run_key(one) == run_key(other)


def test_saying_what_is_the_default_does_not_change_a_key():
    assert run_key(recipe(training={"epochs": 30}, data={"corpus": "demo"}, seed=0)) == run_key(recipe())


CHANGES = [
    {"seed": 1},
    {"tasks": ["chunk", "pos"]},
    {"tasks": ["pos", {"name": "chunk", "weight": 0.5}]},
    {"model": {"num_layers": 2}},
    {"training": {"epochs": 29}},
    {"training": {"early_stopping": {"metric": "pos"}}},
    {"training": {"early_stopping": {"metric": "pos", "patience": None}}},
    {"tokenizer": {"min_count": 1}},
    {"data": {"train_domains": ["news"]}},
    {"data": {"options": {"seed": 2}}},
]


def test_whatever_else_changes_changes_the_key():
    keys = [run_key(recipe()), *(run_key(recipe(**change)) for change in CHANGES)]
    assert len(set(keys)) == len(keys)


@given(MAPPINGS, MAPPINGS)
def test_merging_says_all_that_the_change_says_and_keeps_the_rest(values, change):
    result = merged(values, change)

    assert list(result) == [*values, *(name for name in change if name not in values)]
    for name, value in result.items():
        if name not in change:
            assert value == values[name]
        elif isinstance(value, dict) and isinstance(values.get(name), dict):
            assert value == merged(values[name], change[name])
        else:
            assert value == change[name]


@given(MAPPINGS)
def test_merging_nothing_or_the_same_changes_nothing(values):
    assert merged(values, {}) == merged({}, values) == merged(values, values) == values
