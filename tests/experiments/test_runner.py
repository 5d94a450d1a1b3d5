from __future__ import annotations

import pytest

from hf_sluice.experiments.jobs import Ending
from hf_sluice.experiments.runner import MAX_DEATHS, Runner
from hf_sluice.experiments.store import RunStore
from hf_sluice.training.run_folder import RunFolder
from tests.experiments.tiny_experiment import Here, Log, grid, state_of


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def runs(tmp_path):
    return grid(tmp_path)


def make(store, pool, runs, **options):
    log = Log()
    Runner(store, pool, log, **options).make(runs)
    return log


def test_every_run_is_made_once(store, runs):
    pool = Here(room=2)
    log = make(store, pool, [*runs, *runs])

    assert pool.made == log.done == [point.key for point in runs]
    assert all(store.is_finished(point) for point in runs)
    assert not any((store.path / point.key / "model").exists() for point in runs)


def test_models_are_kept_where_they_are_wanted(store, runs):
    make(store, Here(), runs[:2], keep_models=frozenset({runs[1].key}))
    assert [(store.path / point.key / "model").exists() for point in runs[:2]] == [False, True]


def test_what_is_finished_meanwhile_is_left_alone(store, runs):
    make(store, Here(), runs[:1])
    before = state_of(store.path / runs[0].key / "results.json")
    pool = Here()
    log = make(store, pool, runs[:2])

    assert pool.made == [runs[1].key]
    assert log.done == [runs[0].key, runs[1].key]
    assert state_of(store.path / runs[0].key / "results.json") == before


def test_others_are_made_while_somebody_else_is_at_one(store, runs):
    class MadeElsewhere(Here):
        looks = 0

        def wait(self, seconds):
            yield from super().wait(seconds)
            self.looks += 1
            if self.looks == len(runs) + 2:  # all others made long since
                folder = RunFolder(store.path / runs[0].key)
                folder.open(store.recipe(runs[0]), overwrite=False)
                folder.write_results({}, {})
                lock.release()

    lock = store.lock(runs[0])
    lock.acquire()
    pool = MadeElsewhere()
    log = make(store, pool, runs)

    assert pool.made == [point.key for point in runs[1:]]
    assert log.done == [*(point.key for point in runs[1:]), runs[0].key]


def test_what_somebody_else_left_unfinished_is_made(store, runs):
    class LeftUnfinished(Here):
        def wait(self, seconds):
            lock.release()
            return super().wait(seconds)

    lock = store.lock(runs[0])
    lock.acquire()
    pool = LeftUnfinished()

    assert make(store, pool, runs[:1]).done == pool.made == [runs[0].key]


def test_a_run_whose_worker_dies_is_tried_again_after_the_others(store, runs):
    pool = Here(**{runs[0].key: [Ending.WORKER_DIED] * (MAX_DEATHS - 1)})
    log = make(store, pool, runs[:2])

    assert pool.made == [runs[0].key, runs[1].key, *[runs[0].key] * (MAX_DEATHS - 1)]
    assert log.given_up == {}
    assert not (store.path / runs[0].key / "error.txt").exists()


def test_a_run_that_kills_its_workers_is_given_up(store, runs):
    pool = Here(**{runs[0].key: [Ending.WORKER_DIED] * 99})
    log = make(store, pool, runs[:2])

    assert pool.made.count(runs[0].key) == MAX_DEATHS
    assert log.done == [runs[1].key]
    assert list(log.given_up) == [runs[0].key]
    assert "so it was wanted" in (store.path / runs[0].key / "error.txt").read_text(encoding="utf-8")


def test_a_run_that_fails_is_not_tried_again(store, runs):
    pool = Here(**{runs[0].key: [Ending.FAILED]})
    log = make(store, pool, runs[:2])

    assert pool.made == [runs[0].key, runs[1].key]
    assert list(log.given_up) == [runs[0].key]


def test_nothing_stays_locked(store, runs):
    class Interrupted(Here):
        def wait(self, _seconds):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(store, Interrupted(room=2), runs)
    make(store, Here(**{runs[0].key: [Ending.FAILED]}), runs[:2])
    for point in runs:
        store.lock(point).acquire(blocking=False).lock.release()
