from __future__ import annotations

import pytest

from hf_sluice.experiments.runner import Runner
from tests.experiments.relations.tiny_study import plan
from tests.experiments.tiny_experiment import Here, Log


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    """A tiny study of two seeds, all of its runs finished, for all tests to read."""
    study = plan(tmp_path_factory.mktemp("study"), seeds=(1, 2))
    watcher = Log()
    Runner(study.store, Here(), watcher).make(study.missing)
    assert not watcher.given_up
    return study
