from __future__ import annotations

import pytest
import torch
from filelock import Timeout

from hf_sluice.errors import UserError
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.search_recipe import search_recipe
from tests.training.pruning.tiny_search import folder_of, recipe_of

RECIPE = search_recipe(recipe_of(
    tasks=[{"name": "pos", "weight": 0.5}, "chunk"],
    training={"early_stopping": {"metric": {"pos": 1}}, "learning_rate": 1e-3},
    data={"options": {"train_sentences": 24}, "max_sentences": {"train": 8}},
))  # fmt: skip
OTHERS = {
    "seed": RECIPE.model_copy(update={"seed": 1}),
    "masks": search_recipe(recipe_of(masks={"pruning_rate": 0.2})),
    "tasks": RECIPE.model_copy(update={"tasks": ["chunk", {"name": "pos", "weight": 0.5}]}),
}


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_search_of_the_same_recipe_is_taken_up(tmp_path):
    for _ in range(2):
        SearchFolder(tmp_path / "search").open(RECIPE)
    before = contents(tmp_path)
    SearchFolder(tmp_path / "search").check(RECIPE)

    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", OTHERS)
def test_the_search_of_another_recipe_is_refused_and_left_alone(tmp_path, name):
    folder = SearchFolder(tmp_path)
    folder.open(RECIPE)
    before = contents(tmp_path)

    for refuse in (folder.check, folder.open):
        with pytest.raises(
            UserError, match=r"^[^\n]*: holds the search of another recipe or seed; remove it or choose another$"
        ):
            refuse(OTHERS[name])
    assert contents(tmp_path) == before


def test_a_recipe_that_cannot_be_read_is_another_one(tmp_path):
    folder = SearchFolder(tmp_path)
    folder.open(RECIPE)
    for text in ("tasks: [", "7", "tasks: [pos]\nmasks: {rate: 1}\n"):
        (tmp_path / "recipe.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match="another recipe"):
            folder.open(RECIPE)


def test_checking_writes_nothing(tmp_path):
    SearchFolder(tmp_path / "search").check(RECIPE)

    assert not (tmp_path / "search").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UserError, match=r"file/search: the search's folder cannot be written \(Not a directory\)$"):
        SearchFolder(tmp_path / "file" / "search").open(RECIPE)


def test_only_another_search_is_removed(tmp_path):
    folder = SearchFolder(tmp_path / "search")
    folder.remove_other(RECIPE)
    folder.open(RECIPE)
    folder.remove_other(RECIPE)
    assert (tmp_path / "search" / "recipe.yaml").exists()
    for other in (OTHERS["seed"], None):
        folder.open(RECIPE)
        folder.remove_other(other)
        assert not (tmp_path / "search").exists()


def test_the_start_comes_back_to_the_bit_and_what_led_to_it_goes(tmp_path):
    folder = folder_of(tmp_path, recipe_of())
    (folder.checkpoints / "step-1").mkdir(parents=True)
    weights = {"a.b": torch.rand(3, 4).T, "c": torch.tensor([1], dtype=torch.uint8)}
    assert not folder.has_start
    folder.save_start(weights)

    assert folder.has_start
    assert not folder.checkpoints.exists()
    assert {name: torch.equal(value, weights[name]) for name, value in folder.load_start().items()} == {
        "a.b": True, "c": True,
    }  # fmt: skip


def test_a_lock_is_held_by_one_at_a_time(tmp_path):
    one, other = (folder_of(tmp_path, recipe_of()) for _ in range(2))
    with one.lock("task-pos"):
        with pytest.raises(Timeout):
            other.lock("task-pos").acquire(blocking=False)
        with other.lock("task-chunk").acquire(blocking=False):
            pass
    with other.lock("task-pos").acquire(blocking=False):
        pass
