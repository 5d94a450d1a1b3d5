from __future__ import annotations

import pytest

from tests.experiments.tiny_experiment import Here


@pytest.fixture
def pool(monkeypatch, tmp_path):
    """The pool that a command makes its runs with, in the folder ``tmp_path``: this process."""
    pool = Here()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hf_sluice.commands.making_runs._pool", lambda _workers, **_options: pool)
    return pool
