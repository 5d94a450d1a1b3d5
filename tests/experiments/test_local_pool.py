from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from hf_sluice.experiments.jobs import Ending, Job
from hf_sluice.experiments.local_pool import LocalPool
from hf_sluice.experiments.runner import Runner
from hf_sluice.experiments.store import RunStore
from tests.experiments.patience import has_checkpoint, wait_until
from tests.experiments.tiny_experiment import RECIPE, WITHOUT_END, Here, Log, grid, state_of, what_was_learned
from tests.forked_workers import fork_workers

slow = pytest.mark.slow  # the process that workers are forked from takes seconds to load the libraries

LONG = {
    **RECIPE,
    "training": {**RECIPE["training"], "epochs": 20, "early_stopping": {"metric": "pos", "patience": None}},
}


@pytest.fixture(autouse=True)
def forked(monkeypatch):
    fork_workers(monkeypatch)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def worker():
    (child,) = multiprocessing.active_children()
    return child


def next_of(pool):
    ended = []
    while not ended:
        ended = list(pool.wait(1.0))
    return ended[0]


@slow
def test_processes_come_to_the_same_as_this_one(tmp_path, store):
    runs = grid(tmp_path, seeds=[1, 2])
    here = RunStore(tmp_path / "here")
    Runner(here, Here(), Log()).make(runs)
    with LocalPool(2) as pool:
        Runner(store, pool, log := Log()).make(runs)

    assert sorted(log.done) == sorted(point.key for point in runs)
    for point in runs:
        assert what_was_learned(store, point) == what_was_learned(here, point)


@slow
def test_a_run_goes_on_where_its_killed_worker_stopped(tmp_path, store):
    runs = grid(tmp_path, recipe=LONG)[2:3]
    point, folder = runs[0], store.path / runs[0].key

    class Killing(LocalPool):
        """Kills the worker once, in the middle of the run."""

        before = None

        def wait(self, seconds):
            if self.before is None:
                wait_until(lambda: has_checkpoint(folder))
                os.kill(worker().pid, signal.SIGKILL)
                first_epoch = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[0]
                type(self).before = first_epoch, state_of(folder / "recipe.yaml")
            return super().wait(seconds)

    with Killing(1) as pool:
        Runner(store, pool, log := Log()).make(runs)
    undisturbed = RunStore(tmp_path / "undisturbed")
    Runner(undisturbed, Here(), Log()).make(runs)

    assert log.done == [point.key]
    # The line tells the speed, which is another one each time: nobody has trained this epoch again.
    first_epoch = (folder / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert (first_epoch, state_of(folder / "recipe.yaml")) == Killing.before
    assert what_was_learned(store, point) == what_was_learned(undisturbed, point)


@slow
def test_the_death_of_a_worker_is_that_of_its_run_alone(tmp_path, store):
    endless = grid(tmp_path, recipe={**RECIPE, **WITHOUT_END})[0]
    short = grid(tmp_path)[1]
    with LocalPool(2) as pool:
        pool.submit(Job(endless, store.recipe(endless)))
        wait_until(lambda: has_checkpoint(store.path / endless.key))
        first = worker()
        pool.submit(Job(short, store.recipe(short)))
        assert not pool.has_room
        assert next_of(pool)[0].point == short
        os.kill(first.pid, signal.SIGKILL)
        job, outcome = next_of(pool)
        assert (job.point, outcome.ending) == (endless, Ending.WORKER_DIED)
        pool.submit(Job(short, store.recipe(short)))  # the other worker, or a new one
        assert next_of(pool)[1].ending is Ending.DONE


@slow
def test_all_workers_end_with_the_pool(tmp_path, store):
    endless = grid(tmp_path, recipe={**RECIPE, **WITHOUT_END})[:2]
    with LocalPool(2) as pool:
        for point in endless:
            pool.submit(Job(point, store.recipe(point)))
        wait_until(lambda: all(has_checkpoint(store.path / point.key) for point in endless))
        workers = multiprocessing.active_children()

    for process in workers:
        process.join()  # for ever, if it does not end
    assert not any(store.is_finished(point) for point in endless)


@slow
def test_what_goes_wrong_in_a_run_is_told(tmp_path, store):
    (wrong,) = grid(tmp_path, axes={"source": {"x": {"tasks": ["pos"], "data": {"train_domains": ["nowhere"]}}}})
    (broken,) = grid(tmp_path, recipe={**RECIPE, "tasks": ["pos"]}, axes={"a": {"b": {}}})
    (store.path / broken.key / "recipe.yaml").mkdir(parents=True)  # nobody's mistake that there is a word for
    with LocalPool(1) as pool:
        for point, expected in ((wrong, "'nowhere'"), (broken, "IsADirectoryError: ")):
            pool.submit(Job(point, store.recipe(point)))
            _, outcome = next_of(pool)
            assert outcome.ending is Ending.FAILED
            assert expected in outcome.message
    assert "Traceback" in outcome.details
