"""Workers forked from a process that has loaded the libraries, where a test is about what they do, not how they start.

A process that loads them itself takes seconds; that this works is for test_worker_processes.py and test_experiment.py.
"""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    import pytest

_LOADED = ["hf_sluice.experiments.run_recipe", "hf_sluice.training.pruning.found_masks"]


def forking() -> BaseContext:
    """What starts processes as copies of one that computes nothing; they see the environment of the first start."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def fork_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the package start its workers so."""
    context = forking()
    monkeypatch.setattr("hf_sluice.experiments.worker_processes.multiprocessing.get_context", lambda _method: context)
