from __future__ import annotations

import os
import sys

import pytest

from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments import mask_search
from hf_sluice.experiments.mask_search import search_masks
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.training.pruning.workbench import Workbench
from tests.forked_workers import fork_workers
from tests.training.pruning.tiny_search import outcome, recipe_of, searched
from tests.training.tiny_training import assert_equal_parameters


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The search of the tiny recipe by one process."""
    folder = tmp_path_factory.mktemp("searches") / "undisturbed"
    searched(folder, recipe_of())
    return outcome(folder)


def say_nothing(_line):
    pass


def to_standard_error(line):
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def test_a_search_on_its_own_is_the_one_that_training_makes(tmp_path, undisturbed):
    told = []
    found = search_masks(recipe_of(masks={"choice": {"round": 2}}), tmp_path, tell=told.append)

    assert outcome(tmp_path) == undisturbed
    assert len(told) == 1 + 2 * 4
    saved = MaskSet.load(tmp_path / "masks.safetensors")
    for task, masks in found.masks.masks.items():
        assert found.chosen[task].round == 2
        assert_equal_parameters(saved.masks[task], masks)
        assert_equal_parameters(saved.at_round(task, 2), masks)


def test_all_tasks_are_searched_for_not_those_alone_that_are_trained(tmp_path, undisturbed):
    recipe = recipe_of(tasks=["chunk"], masks={"search_tasks": ["pos", "chunk"]})

    assert list(search_masks(recipe, tmp_path).candidates) == ["pos", "chunk"]
    assert outcome(tmp_path) == undisturbed


def test_a_finished_search_is_read(tmp_path, monkeypatch):
    first = search_masks(recipe_of(), tmp_path)
    monkeypatch.setattr(Workbench, "train", None)

    assert search_masks(recipe_of(), tmp_path).to_dict() == first.to_dict()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"model": {"model_type": "sluice"}, "masks": None}, "only models of model_type sparse_sharing have masks"),
        ({"masks": {"method": "layers"}}, r"^masks.method layers: such masks need no search; train the recipe$"),
        ({"masks": {"choice": {"nre": "best"}}}, "'nre' is none of the tasks pos, chunk"),
    ],
)
def test_what_there_is_no_search_for_is_refused_before_anything_is_written(tmp_path, values, message):
    recipe = recipe_of(masks=values["masks"] or {})
    if values["masks"] is None:
        recipe = recipe.model_copy(update={"model": {}, "masks": None})
    with pytest.raises(RecipeError, match=message):
        search_masks(recipe, tmp_path / "search")

    assert not (tmp_path / "search").exists()


@pytest.mark.slow
def test_processes_side_by_side_come_to_the_same(tmp_path, undisturbed, capfd):
    found = search_masks(recipe_of(), tmp_path, jobs=5, tell=to_standard_error)

    assert outcome(tmp_path) == undisturbed
    assert found.candidates.keys() == {"pos", "chunk"}
    lines = [line for line in capfd.readouterr().err.splitlines() if "round" in line or "warm-up" in line]
    assert len(lines) == len(set(lines)) == 1 + 2 * 4


@pytest.mark.slow
def test_what_a_process_leaves_when_it_dies_is_taken_up(tmp_path, undisturbed, monkeypatch):
    fork_workers(monkeypatch)
    monkeypatch.setattr(mask_search, "_search_beside_others", die)
    told = []
    search_masks(recipe_of(), tmp_path, jobs=2, tell=told.append)

    assert outcome(tmp_path) == undisturbed
    assert told[0].startswith("a process of the search ended early (BrokenProcessPool: ")


@pytest.mark.slow
def test_what_the_user_has_to_put_right_is_told_as_ever(tmp_path, monkeypatch):
    fork_workers(monkeypatch)
    search_masks(recipe_of(), tmp_path)
    (tmp_path / "tasks" / "pos" / "masks.safetensors").unlink()

    with pytest.raises(UserError, match="the record of a search is damaged"):
        search_masks(recipe_of(), tmp_path, jobs=2, tell=say_nothing)


def die(*_arguments):
    os._exit(1)
