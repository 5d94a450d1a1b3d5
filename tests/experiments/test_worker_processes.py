from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures.process import BrokenProcessPool

import pytest

from hf_sluice.experiments.worker_processes import WorkerProcesses, threads_each, visible_gpus

VARIABLES = ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")


def test_each_process_works_by_itself_with_what_it_was_given(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    with WorkerProcesses(2, ["5"]) as workers:
        processes = [workers.submit(number, os.getpid).result() for number in (0, 1, 0)]
        said = [workers.submit(1, os.getenv, name).result() for name in ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")]

    assert len(workers) == 2
    assert processes[0] == processes[2] != processes[1]
    assert os.getpid() not in processes
    assert said == ["3", "5"]


def test_another_process_takes_the_place_of_one_that_died():
    with WorkerProcesses(1) as workers:
        dead = workers.submit(0, os.getpid).result()
        with pytest.raises(BrokenProcessPool):
            workers.submit(0, os.kill, dead, signal.SIGKILL).result()
        workers.bury(0)
        assert workers.submit(0, os.getpid).result() != dead


def test_all_end_with_the_context_whatever_they_are_doing():
    with WorkerProcesses(2) as workers:
        for number in (0, 1):
            workers.submit(number, os.getpid).result()
            workers.submit(number, signal.pause)
        children = multiprocessing.active_children()

    assert len(children) == 2
    for child in children:
        child.join()  # for ever, if it does not end


@pytest.mark.parametrize(("said", "threads"), [(None, 1), ("3", 3), ("0", 1), ("", 1)])
def test_a_worker_computes_with_one_thread_if_nothing_else_is_said(monkeypatch, said, threads):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if said is not None:
        monkeypatch.setenv("OMP_NUM_THREADS", said)

    assert threads_each() == threads


def test_workers_are_spread_over_the_gpus_that_are_visible(monkeypatch):
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert visible_gpus() == ["0", "1"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5")
    assert visible_gpus() == ["3", "5"]
    assert WorkerProcesses(3, visible_gpus())._gpus == ["3", "5", "3"]

    monkeypatch.setattr("torch.cuda.device_count", lambda: 0)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert visible_gpus() == []
    assert WorkerProcesses(2)._gpus == [None, None]
