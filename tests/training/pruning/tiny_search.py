"""Small searches on a little demo corpus, for the tests of pruning."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

from hf_sluice.models.mask_file import MaskSet
from hf_sluice.recipe import Recipe
from hf_sluice.training.building import build_corpus
from hf_sluice.training.pruning.search import search
from hf_sluice.training.pruning.search_folder import SearchFolder
from hf_sluice.training.pruning.search_recipe import search_recipe
from hf_sluice.training.pruning.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.training.pruning.record import SearchRecord

MODEL = {
    "model_type": "sparse_sharing", "word_embedding_size": 6, "char_embedding_size": 4, "char_filters": 4,
    "hidden_size": 5, "num_layers": 2, "dropout": 0.2,
}  # fmt: skip
MASKS = {"pruning_rate": 0.3, "final_sparsity": 0.4, "epochs": 1, "warmup_epochs": 1}
TRAINING = {"step": "per_task", "batch_size": 8, "epochs": 2, "learning_rate": 0.3, "momentum": 0.9}
SENTENCES = {"train_sentences": 24, "validation_sentences": 12, "test_sentences": 8}


def recipe_of(output="run", *, model=None, masks=None, training=None, **values) -> Recipe:
    """A recipe of three rounds; what is given replaces fields of its sections."""
    return Recipe.model_validate({
        "data": {"options": SENTENCES},
        "tasks": ["pos", "chunk"],
        "model": {**MODEL, **(model or {})},
        "tokenizer": {"min_count": 1},
        "masks": {**MASKS, **(masks or {})},
        "training": {**TRAINING, **(training or {})},
        "output": str(output),
        **values,
    })  # fmt: skip


@cache
def _corpus(recipe: str):
    return build_corpus(Recipe.model_validate_json(recipe))


def corpus_of(recipe: Recipe):
    """The corpus of a recipe, loaded once."""
    same = recipe_of(data=recipe.data.model_dump(), tasks=recipe.data_tasks)
    return _corpus(same.model_dump_json())


def bench_of(recipe: Recipe) -> Workbench:
    """A fresh bench for the search of a recipe."""
    return Workbench(search_recipe(recipe), corpus_of(recipe))


def folder_of(path: Path, recipe: Recipe) -> SearchFolder:
    """The folder of a recipe's search, open."""
    folder = SearchFolder(path)
    folder.open(search_recipe(recipe))
    return folder


def searched(path: Path, recipe: Recipe, tell=lambda _line: None) -> dict[str, SearchRecord]:
    """What the search of a recipe comes to."""
    return search(bench_of(recipe), folder_of(path, recipe), recipe.task_names, tell)


def outcome(path: Path) -> dict[str, object]:
    """All that a search has written and that is to be the same whenever, and by however many processes, it is made."""
    found: dict[str, object] = {"start": (path / "start.safetensors").read_bytes()}
    for folder in sorted((path / "tasks").iterdir()):
        lines = (folder / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
        found[folder.name] = [{**json.loads(line), "seconds": 0.0} for line in lines]
        rounds = MaskSet.load(folder / "masks.safetensors").rounds
        assert rounds is not None
        found[f"rounds of {folder.name}"] = {name: of.tolist() for name, of in rounds[folder.name].items()}
    return found
