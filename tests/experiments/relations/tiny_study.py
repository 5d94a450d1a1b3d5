"""A tiny study: three tasks of the demo corpus, each of sentences of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from hf_sluice.experiments.relations.study_plan import plan_study
from hf_sluice.recipe import load_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.experiments.relations.study_plan import StudyPlan
    from hf_sluice.recipe import Recipe

SIZES = {"train_sentences": 24, "validation_sentences": 8, "test_sentences": 8}


def part(task, seed):
    return {"corpus": "demo", "tasks": [task], "options": {**SIZES, "seed": seed}}


def values(**changes):
    """The recipe's fields; mappings that change are merged."""
    fields = {
        "data": {
            "corpus": "combined",
            "options": {"parts": {"a": part("pos", 1), "b": part("ner", 2), "c": part("chunk", 3)}},
        },
        "tasks": ["pos", "ner", "chunk"],
        "model": {"num_layers": 1, "char_encoder": "none", "hidden_size": 4, "word_embedding_size": 8},
        "training": {"epochs": 5, "steps_per_epoch": 4, "batch_size": 4, "log_steps": 1, "optimizer": "adamw",
                     "learning_rate": 0.02},
    }  # fmt: skip
    for name, change in changes.items():
        fields[name] = {**fields.get(name, {}), **change} if isinstance(change, dict) else change
    return fields


def write(folder: Path, stem: str = "tiny", **changes) -> Path:
    path = folder / f"{stem}.yaml"
    path.write_text(yaml.safe_dump(values(**changes), sort_keys=False), encoding="utf-8")
    return path


def load(folder: Path, **changes) -> Recipe:
    return load_recipe(write(folder, **changes))


def plan(folder: Path, seeds=(1,), **changes) -> StudyPlan:
    path = write(folder, **changes)
    return plan_study(load_recipe(path), path, seeds, folder / "store")
