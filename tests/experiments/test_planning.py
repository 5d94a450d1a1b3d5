from __future__ import annotations

from contextlib import nullcontext

import pytest

from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments.planning import check_sources, make_plan
from hf_sluice.experiments.runner import Runner
from tests.experiments.tiny_experiment import AXES, RECIPE, Here, Log, load, write

MAKING_NO_SENSE = [
    ({"sharing": "cross_stitch"}, ["pos"], "sharing 'cross_stitch' is for at least 2 tasks, not for 1: pos"),
    ({"sharing": "low_supervision", "task_layers": {"pos": 4}}, ["chunk", "pos"], "layer from 1 to 1"),
    ({"num_subspaces": 3}, ["pos"], "hidden_size 4 cannot be cut into num_subspaces 3"),
    ({"sharing": "domain_adaptation"}, ["chunk", "pos"], "is for domains with one label set"),
    ({"shering": "sluice"}, ["pos"], "model.shering is no field of a recipe"),
]


@pytest.mark.parametrize(("model", "tasks", "complaint"), MAKING_NO_SENSE)
def test_a_sharing_that_makes_no_sense_is_refused_with_file_and_point(tmp_path, model, tasks, complaint):
    path = write(tmp_path, axes={"system": {**AXES["system"], "mine": {"model": model, "tasks": tasks}}})
    with pytest.raises(RecipeError) as caught:
        make_plan([path], tmp_path / "runs")

    assert str(caught.value).startswith(f"{path}: system: mine, seed 1: ")
    assert complaint in str(caught.value)
    assert not (tmp_path / "runs").exists()


def test_domains_as_tasks_have_one_label_set(tmp_path):
    data = {**RECIPE["data"], "train_domains": ["news", "chat"], "domain_tasks": "pos"}
    model = {**RECIPE["model"], "sharing": "domain_adaptation"}
    recipe = {**RECIPE, "data": data, "tasks": ["pos_news", "pos_chat"], "model": model}
    plan = make_plan([write(tmp_path, recipe=recipe, axes={"n": {"1": {}}})], tmp_path / "runs")

    assert plan.num_runs == 1


@pytest.mark.parametrize(("labels", "is_refused"), [("random", False), ("position", True)])
def test_random_labels_are_of_the_sources_label_set_and_positions_are_not(tmp_path, labels, is_refused):
    data = {**RECIPE["data"], "derived_tasks": {"made": {"source": "pos", "labels": labels}}}
    model = {**RECIPE["model"], "sharing": "domain_adaptation"}
    path = write(
        tmp_path, recipe={**RECIPE, "data": data, "tasks": ["pos", "made"], "model": model}, axes={"n": {"1": {}}}
    )
    with pytest.raises(RecipeError, match="domains with one label set") if is_refused else nullcontext():
        make_plan([path], tmp_path / "runs")


def test_a_task_that_there_is_not_is_refused(tmp_path):
    path = write(tmp_path, recipe={**RECIPE, "data": {"derived_tasks": {"noise": {"source": "pso", "labels": "copy"}}}})
    with pytest.raises(RecipeError, match=r"system: single task, source: all, seed 1: .*'pso'"):
        make_plan([path], tmp_path / "runs")


def test_a_part_that_makes_no_sense_is_refused_with_file_and_point(tmp_path):
    data = {"corpus": "combined", "options": {"parts": {"demo": {"tasks": ["pso"]}}}}
    path = write(tmp_path, recipe={**RECIPE, "data": data}, axes={"system": AXES["system"]})
    with pytest.raises(RecipeError) as caught:
        make_plan([path], tmp_path / "runs")

    assert str(caught.value) == (
        f"{path}: system: single task, seed 1: "
        "parts.demo: corpus 'demo': there is no task 'pso'; it has pos, chunk, ner, srl"
    )


@pytest.mark.parametrize(
    ("masks", "complaint"),
    [
        ({"search_tasks": ["chunk"]}, "masks.search_tasks: 'pos' is trained but not searched for; add it to them"),
        ({"choice": {"nre": "best"}}, "masks.choice: 'nre' is none of the tasks pos"),
    ],
)
def test_masks_of_other_tasks_are_refused_with_file_and_point(tmp_path, masks, complaint):
    sparse = {"tasks": ["pos"], "model": {"model_type": "sparse_sharing"}, "masks": masks}
    path = write(tmp_path, recipe={"data": RECIPE["data"], **sparse}, axes={"system": {"sparse": {}}})
    with pytest.raises(RecipeError) as caught:
        make_plan([path], tmp_path / "runs")

    assert str(caught.value) == f"{path}: system: sparse, seed 1: {complaint}"


def test_the_sources_of_parts_are_seen_to(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    data = {"corpus": "combined", "options": {"parts": {"demo": {"tasks": ["pos"]}, "ewt": {"tasks": ["chunk"]}}}}
    path = write(tmp_path, recipe={**RECIPE, "data": data}, axes={"system": AXES["system"]})
    plan = make_plan([path], tmp_path / "runs")

    with pytest.raises(UserError, match=r"^system: .*: parts\.ewt: corpus 'ewt': set HF_SLUICE_DATA"):
        check_sources(plan.missing.values())


def test_experiments_share_their_runs(tmp_path):
    one = write(tmp_path, "one", seeds=[1, 2])
    other = write(tmp_path, "other", axes={"system": AXES["system"]}, seeds=[2, 3])
    plan = make_plan([one, other], tmp_path / "runs")

    assert plan.num_runs == len(plan.missing) == 8 + 2

    Runner(plan.store, Here(), Log()).make([point for point in plan.experiments[1].points if point.recipe.seed == 2])
    missing = make_plan([one], tmp_path / "runs").missing
    assert {point.label for point in plan.experiments[0].points} - {point.label for point in missing.values()} == {
        "system: single task, source: all, seed 2",
        "system: sluice, source: all, seed 2",
    }


def test_runs_of_the_same_data_are_next_to_each_other(tmp_path):
    plan = make_plan([write(tmp_path, axes=dict(reversed(AXES.items())), seeds=[1, 2])], tmp_path / "runs")
    tasks = [point.recipe.task_names for point in plan.missing.values()]

    assert tasks == [["pos"]] * 4 + [["pos", "chunk"]] * 4


def test_models_are_kept_for_the_experiment_that_asks(tmp_path):
    one = write(tmp_path, "one", keep_models=True, axes={"source": {"all": {}}}, recipe={**RECIPE, "tasks": ["pos"]})
    plan = make_plan([one, write(tmp_path, "other")], tmp_path / "runs")

    assert plan.keep_models == {point.key for point in plan.experiments[0].points}
    assert load(tmp_path).keep_models is False


def test_two_experiments_of_one_name_are_refused(tmp_path):
    (tmp_path / "below").mkdir()
    with pytest.raises(UserError, match="two experiments have the name 'tiny'"):
        make_plan([write(tmp_path), write(tmp_path / "below")], tmp_path / "runs")
