from __future__ import annotations

import pytest

from hf_sluice.errors import RecipeError
from tests.experiments.relations.tiny_study import part, plan, values


def tasks_of(points):
    return [(tuple(point.recipe.task_names), point.recipe.seed) for point in points]


def test_every_task_and_every_unordered_pair_has_a_run_per_seed(tmp_path):
    study = plan(tmp_path, seeds=(1, 2))

    assert tasks_of(study.alone) == [((task,), seed) for task in ("pos", "ner", "chunk") for seed in (1, 2)]
    pairs = [("pos", "ner"), ("pos", "chunk"), ("ner", "chunk")]
    assert tasks_of(study.pairs) == [(pair, seed) for pair in pairs for seed in (1, 2)]
    assert len({point.key for point in study.points}) == 12
    assert study.points[-1].label == "tasks: ner + chunk, seed 2"


def test_all_that_is_not_finished_is_missing_single_runs_first(tmp_path):
    study = plan(tmp_path)
    first = study.alone[0]
    folder = study.store.folder(first)
    folder.open(study.store.recipe(first), overwrite=False)
    assert study.missing == list(study.points)

    folder.write_results({}, {})
    assert study.missing == list(study.points[1:])


def test_a_study_that_gets_another_task_keeps_its_runs(tmp_path):
    parts = values()["data"]["options"]["parts"]
    larger = plan(
        tmp_path, data={"options": {"parts": {**parts, "d": part("srl", 4)}}}, tasks=["pos", "ner", "chunk", "srl"]
    )

    assert {point.key for point in plan(tmp_path).points} < {point.key for point in larger.points}


def test_what_a_run_depends_on_changes_its_key(tmp_path):
    before = {point.key for point in plan(tmp_path).points}

    assert before.isdisjoint(point.key for point in plan(tmp_path, training={"steps_per_epoch": 5}).points)


def test_its_results_are_named_as_its_file(tmp_path):
    assert plan(tmp_path).name == "tiny"


def test_a_recipe_that_makes_no_study_is_refused(tmp_path):
    with pytest.raises(RecipeError, match=r"tiny\.yaml: tasks: a study of task relations needs at least 2 tasks"):
        plan(tmp_path, tasks=["pos"])
