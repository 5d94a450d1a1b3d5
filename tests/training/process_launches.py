"""Launches of real processes, and the tiny recipe that they train."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2")
TRAIN = ("-m", "hf_sluice", "train")

_SIZES = {"hidden_size": 8, "num_layers": 2, "word_embedding_size": 8, "char_embedding_size": 8, "char_hidden_size": 4,
          "head_hidden_size": 8}  # fmt: skip
_LAUNCHERS = ("WORLD_SIZE", "RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT", "ACCELERATE_USE_CPU")


def write_recipe(
    folder: Path,
    name: str,
    *,
    noise: float = 0.0,
    sharing: Mapping[str, Any] | None = None,
    model: Mapping[str, Any] | None = None,
    **training: Any,
) -> Path:
    """Writes a recipe whose batches end unevenly: 63 sentences in batches of 8."""
    sentences = {"train_sentences": 63, "validation_sentences": 20, "test_sentences": 20}
    values = {
        "data": {"corpus": "demo", "options": sentences},
        "tasks": ["pos", "chunk", "ner"],
        "model": model or {**_SIZES, "noise": noise, **(sharing or {})},
        "training": {"epochs": 2, "batch_size": 8, "learning_rate": 0.3, **training},
        "output": str(folder / name),
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(values))
    return path


def launch_environment() -> dict[str, str]:
    """This process's environment without what a launcher may have left there."""
    kept = {name: value for name, value in os.environ.items() if name not in _LAUNCHERS}
    return {**kept, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(Path(__file__).parents[2])}


def run_python(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs Python with these arguments to its end."""
    done = subprocess.run(
        (sys.executable, *arguments), env=launch_environment(), capture_output=True, text=True, timeout=500, check=False
    )
    assert not check or done.returncode == 0, done.stderr[-2000:]
    return done
