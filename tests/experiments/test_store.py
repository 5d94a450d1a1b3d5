from __future__ import annotations

import pytest
from filelock import Timeout

from hf_sluice.errors import UserError
from hf_sluice.experiments.store import RunStore
from hf_sluice.training.run_folder import RunFolder
from tests.experiments.tiny_experiment import grid


@pytest.fixture
def point(tmp_path):
    return grid(tmp_path)[0]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def begin(store, recipe):
    RunFolder(store.path / recipe.output.rpartition("/")[2]).open(recipe, overwrite=False)


def test_a_run_is_missing_then_begun_then_finished(store, point):
    assert (store.is_begun(point), store.is_finished(point)) == (False, False)
    begin(store, store.recipe(point))
    assert (store.is_begun(point), store.is_finished(point)) == (True, False)
    store.folder(point).write_results({}, {})
    assert (store.is_begun(point), store.is_finished(point)) == (False, True)


def test_the_store_may_be_moved(store, point):
    begin(store, store.recipe(point))
    store.folder(point).write_results({}, {})
    store.path.rename(store.path.with_name("elsewhere"))

    assert RunStore(store.path.with_name("elsewhere")).is_finished(point)


@pytest.mark.parametrize("text", ["", "[", "tasks: [pos]\noutput: x\nno_such_field: 1\n", "tasks: [ner]\noutput: x\n"])
def test_a_run_of_another_recipe_does_not_count(store, point, text):
    begin(store, store.recipe(point))
    store.folder(point).write_results({}, {})
    (store.path / point.key / "recipe.yaml").write_text(text, encoding="utf-8")

    assert not store.is_finished(point)


def test_one_runner_holds_a_run_at_a_time(store, point):
    with store.lock(point), pytest.raises(Timeout):
        store.lock(point).acquire(blocking=False)
    store.lock(point).acquire(blocking=False).lock.release()


def test_a_store_that_cannot_be_written_is_the_users_to_see_to(tmp_path, point):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="the runs' folder cannot be written"):
        RunStore(tmp_path / "file").lock(point)


def test_why_a_run_failed_is_told_until_it_does_not(store, point):
    store.write_failure(point, "no memory")
    assert (store.path / point.key / "error.txt").read_text(encoding="utf-8") == f"{point.label}\nno memory\n"
    store.forget_failure(point)
    store.forget_failure(point)
    assert not (store.path / point.key / "error.txt").exists()
