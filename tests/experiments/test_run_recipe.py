from __future__ import annotations

import pytest

from hf_sluice.experiments import run_recipe as running
from hf_sluice.experiments.run_recipe import SEARCHES, kept_corpus, run_recipe
from hf_sluice.training.launch import make_accelerator
from hf_sluice.training.pruning.workbench import Workbench
from hf_sluice.training.run_folder import RunFolder
from tests.training.pruning.tiny_search import outcome, recipe_of


def searches(folder):
    return sorted((folder / SEARCHES).iterdir()) if (folder / SEARCHES).exists() else []


def test_runs_that_search_for_the_same_masks_share_one_search(tmp_path, monkeypatch):
    run_recipe(recipe_of(tmp_path / "a", masks={"choice": {"round": 1}}), keep_model=False)
    (search,) = searches(tmp_path)
    before = outcome(search)
    with monkeypatch.context() as patched:
        patched.setattr(Workbench, "train", None)
        run_recipe(recipe_of(tmp_path / "b", masks={"choice": {"round": 3}}, training={"epochs": 1}), keep_model=False)
        run_recipe(recipe_of(tmp_path / "c", masks={"method": "random", "choice": {"round": 1}}), keep_model=False)
        run_recipe(recipe_of(tmp_path / "d", masks={"method": "all"}), keep_model=False)

    assert searches(tmp_path) == [search]
    assert outcome(search) == before
    results = [RunFolder(tmp_path / name).read_results() for name in "abcd"]
    assert [run["system"] for run in results] == ["sparse sharing", "sparse sharing", "random masks", "hard sharing"]
    assert results[0]["masks"]["weights"] == results[2]["masks"]["weights"]
    assert not any((tmp_path / name / "search").exists() for name in "abcd")
    run_recipe(recipe_of(tmp_path / "e", seed=1), keep_model=False)
    assert len(searches(tmp_path)) == 2


@pytest.mark.parametrize(
    "change", [{}, {"model": {"hidden_size": 4, "num_layers": 1}, "masks": None}], ids=["layers", "sluice"]
)
def test_runs_that_search_for_nothing_leave_no_search(tmp_path, change):
    masks = {"method": "layers", "warmup_epochs": 0}
    run_recipe(recipe_of(tmp_path / "run", masks=masks).model_copy(update=change), keep_model=False)

    assert RunFolder(tmp_path / "run").is_finished
    assert searches(tmp_path) == []


def test_a_source_is_read_once_for_the_tasks_in_whatever_order():
    running._source.cache_clear()
    one, other = recipe_of(tasks=["pos", "chunk"]), recipe_of(tasks=["chunk", "pos"])
    corpora = [kept_corpus(one), kept_corpus(other), kept_corpus(one)]

    assert running._source.cache_info().misses == 1
    assert [[task.name for task in corpus.tasks] for corpus in corpora] == [
        ["pos", "chunk"], ["chunk", "pos"], ["pos", "chunk"],
    ]  # fmt: skip


def test_the_tasks_that_are_searched_for_are_read():
    corpus = kept_corpus(recipe_of(tasks=["chunk"], masks={"search_tasks": ["pos", "chunk"]}))

    assert [task.name for task in corpus.tasks] == ["pos", "chunk"]


def test_each_run_has_the_number_format_of_its_own_recipe(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(running, "train_recipe", lambda recipe, **_: seen.append(precision_of(recipe, tmp_path)))
    for precision in ("no", "bf16", None):
        run_recipe(recipe_of(tmp_path / str(precision), training={"mixed_precision": precision}), keep_model=False)

    assert seen == ["no", "bf16", "no"]


def precision_of(recipe, folder):
    return make_accelerator(recipe.training, folder).mixed_precision
