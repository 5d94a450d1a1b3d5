"""One run in a process that makes many: what they have in common is loaded once."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from accelerate.state import AcceleratorState

from hf_sluice.experiments.grid import run_key
from hf_sluice.quiet_libraries import quiet_libraries
from hf_sluice.recipe import DataRecipe
from hf_sluice.training.pruning.search_recipe import search_recipe
from hf_sluice.training.recipe_corpus import choose_from_corpus, load_source_corpus, source_tasks
from hf_sluice.training.run import train_recipe

if TYPE_CHECKING:
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.recipe import Recipe

SEARCHES = "searches"
_CORPORA_KEPT = 4


def run_recipe(recipe: Recipe, *, keep_model: bool) -> None:
    """Makes a run, or continues the one that was begun with the same recipe; any other in its place is removed.

    Args:
        recipe: the recipe.
        keep_model: whether to keep the model.

    Raises:
        UserError: something that the user has to put right.
    """
    quiet_libraries()
    # accelerate keeps the number format of a process's first run for all that follow.
    AcceleratorState._reset_state()  # noqa: SLF001
    begun = Path(recipe.output) / "recipe.yaml"
    resume = begun.exists() and begun.read_text(encoding="utf-8") == recipe.to_yaml()
    train_recipe(
        recipe,
        resume=resume,
        overwrite=not resume,
        corpus=kept_corpus(recipe),
        search_folder=_search_folder(recipe),
        save_model=keep_model,
        show_progress=False,
    )


def _search_folder(recipe: Recipe) -> Path | None:
    """One folder for all runs that search for the same masks, beside those of the runs."""
    if not recipe.finds_masks:
        return None
    return Path(recipe.output).parent / SEARCHES / run_key(search_recipe(recipe))


def kept_corpus(recipe: Recipe) -> TaggingCorpus:
    """The corpus of a recipe, out of a source that this process keeps for the next one."""
    data = recipe.data
    # In an order of their own, so that runs of the same tasks in another order read the same source.
    tasks = sorted(json.dumps(task, sort_keys=True) for task in source_tasks(data, recipe.data_tasks))
    source = _source(data.model_dump_json(include={"corpus", "root", "options"}), f"[{', '.join(tasks)}]")
    return choose_from_corpus(source, data, recipe.data_tasks)


@lru_cache(maxsize=_CORPORA_KEPT)
def _source(data: str, tasks: str) -> TaggingCorpus:
    return load_source_corpus(DataRecipe.model_validate_json(data), json.loads(tasks))
