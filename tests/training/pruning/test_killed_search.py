"""Processes that are killed, and connected ones: real launches through the commands that users type."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.training.pruning.tiny_search import outcome, recipe_of, searched

pytestmark = pytest.mark.slow

KILLED = Path(__file__).with_name("killed_search.py")
TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
LAUNCHERS = ("WORLD_SIZE", "RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT", "ACCELERATE_USE_CPU")


def run(*command):
    root = str(Path(__file__).parents[3])
    kept = {name: value for name, value in os.environ.items() if name not in LAUNCHERS}
    environment = {**kept, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": root}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def test_a_search_that_is_killed_again_and_again_ends_the_same(tmp_path):
    """Each process dies after so many moments, the next one goes on; as often as it takes."""
    every = (41, 47, 61)
    done = run(sys.executable, KILLED, tmp_path, *every)
    undisturbed = outcome(tmp_path / "undisturbed")

    assert all(int(deaths) > 3 for deaths in done.stdout.split())
    for moments in every:
        assert outcome(tmp_path / f"every {moments}") == undisturbed


def test_connected_processes_share_the_search_and_train_what_it_found(tmp_path):
    recipe = recipe_of(tmp_path / "run", tasks=["pos", "chunk", "ner"])
    (tmp_path / "sparse.yaml").write_text(yaml.safe_dump(recipe.model_dump()), encoding="utf-8")
    done = run(*TORCHRUN, "-m", "hf_sluice", "train", tmp_path / "sparse.yaml")
    searched(tmp_path / "alone", recipe)
    results = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"))

    assert outcome(tmp_path / "run" / "search") == outcome(tmp_path / "alone")
    assert results["processes"] == 2
    rounds = [line.split(",")[0] for line in done.stderr.splitlines() if ": round " in line]
    assert sorted(rounds) == sorted(f"{task}: round {n} of 3" for task in recipe.task_names for n in range(4))
    assert done.stdout.count("Subnets: what remains") == 1
