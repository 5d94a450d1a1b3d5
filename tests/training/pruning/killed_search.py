"""Searches in processes that are killed again and again; run by test_killed_search.py.

This process loads the libraries and computes nothing, so that each of its children begins where a fresh one would.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import safetensors.torch
import torch

from hf_sluice.training.pruning import search_folder
from hf_sluice.training.step import StepTrainer
from tests.training.pruning.tiny_search import recipe_of, searched

# What changes a file, or moves the search on. Each is a moment before and a moment after.
MOMENTS = [
    (StepTrainer, "train"),
    (torch, "save"),
    (safetensors.torch, "save_file"),
    (search_folder, "save_file"),
    (Path, "open"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "replace"),
    (Path, "unlink"),
    (search_folder.shutil, "rmtree"),
]


def search_until_killed(folder: Path, moments: int | None) -> bool:
    """Searches in a process that dies after some moments; whether it came to its end."""
    child = os.fork()
    if not child:
        if moments is not None:
            kill_after(moments)
        searched(folder, recipe_of(masks={"warmup_epochs": 2}))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


def kill_after(moments: int) -> None:
    left = iter(range(moments))

    def moment() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(function):
        def call(*args, **kwargs):
            moment()
            result = function(*args, **kwargs)
            moment()
            return result

        return call

    for place, name in MOMENTS:
        setattr(place, name, watched(getattr(place, name)))


def main(folder: str) -> None:
    search_until_killed(Path(folder, "undisturbed"), None)
    for moments in map(int, sys.argv[2:]):
        deaths = 0
        while not search_until_killed(Path(folder, f"every {moments}"), moments):
            deaths += 1
            assert deaths < 100, "the search does not get on"
        sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    main(sys.argv[1])
