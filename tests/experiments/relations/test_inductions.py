from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.inductions import plan_inductions
from hf_sluice.experiments.relations.study_recipes import study_recipe
from tests.experiments.relations.tiny_study import load

LONG = {"training": {"epochs": 10, "steps_per_epoch": 30, "log_steps": 1}}


def planned(folder, main="ner", auxiliaries=None, share=0.3, seeds=(1,), **changes):
    recipe = load(folder, **{**LONG, **changes})
    return plan_inductions(recipe, "tiny.yaml", main, auxiliaries, share, seeds, folder / "store")


def test_each_task_is_trained_alone_main_task_first(tmp_path):
    plan = planned(tmp_path, seeds=(1, 2))
    assert list(plan.runs) == ["ner", "pos", "chunk"]
    for task, points in plan.runs.items():
        assert [(point.recipe.task_names, point.recipe.seed) for point in points] == [([task], 1), ([task], 2)]
    assert len(plan.missing) == 6
    assert planned(tmp_path, auxiliaries=["chunk", "chunk"]).auxiliaries == ("chunk",)


@pytest.mark.parametrize(
    ("share", "epochs", "steps"), [(0.3, 3, 30), (0.35, 3, 30), (0.1, 1, 30), (0.05, 1, 15), (1.0, 10, 30)]
)
def test_the_share_is_never_exceeded_but_by_less_than_a_batch(tmp_path, share, epochs, steps):
    plan = planned(tmp_path, share=share)
    training = plan.runs["ner"][0].recipe.training
    assert (training.epochs, training.steps_per_epoch) == (epochs, steps)
    assert plan.batches == epochs * steps
    assert plan.budget == 300
    assert plan.batches < share * plan.budget + 1


@pytest.mark.parametrize("auxiliaries", [["pos"], ["pos", "chunk"]])
@pytest.mark.parametrize("seeds", [(1,), (1, 2)])
def test_the_cost_is_at_most_the_share_of_that_of_the_pairs(tmp_path, auxiliaries, seeds):
    plan = planned(tmp_path, auxiliaries=auxiliaries, share=0.35, seeds=seeds)
    assert plan.cost == len(seeds) * (1 + len(auxiliaries)) * 90
    assert plan.cost_of_pairs == len(seeds) * len(auxiliaries) * 2 * 300
    assert plan.cost <= 0.35 * plan.cost_of_pairs


def test_a_run_is_the_beginning_of_the_whole_training(tmp_path):
    run = planned(tmp_path).runs["pos"][0].recipe
    whole = study_recipe(load(tmp_path, **LONG), ["pos"], 1)
    values, of_whole = run.model_dump(), whole.model_dump()
    assert values["training"].pop("epochs") == 3
    assert of_whole["training"].pop("epochs") == 10
    assert {**values, "output": ""} == {**of_whole, "output": ""}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"main": "sentiment"}, r"^tiny\.yaml: there is no task 'sentiment'; there is pos, ner, chunk$"),
        ({"auxiliaries": ["srl"]}, r"^tiny\.yaml: there is no task 'srl'; there is pos, ner, chunk$"),
        ({"auxiliaries": ["pos", "ner"]}, r"^--aux ner: the main task cannot be its own auxiliary task$"),
        ({"tasks": ["ner"]}, r"^tiny\.yaml: tasks: .* needs at least 2 tasks"),
        ({"share": 0.01}, r"^--share 0\.01: 3 batches with training\.log_steps 1 make a curve of 3 points"),
    ],
)
def test_what_no_advice_can_be_given_on_is_refused(tmp_path, changes, message):
    with pytest.raises(UserError, match=message):
        planned(tmp_path, **changes)
