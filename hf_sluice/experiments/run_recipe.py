"""One run in a process that makes many: what they have in common is loaded once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hf_sluice.quiet_libraries import quiet_libraries
from hf_sluice.recipe import Recipe
from hf_sluice.training.building import build_corpus
from hf_sluice.training.run import train_recipe

if TYPE_CHECKING:
    from hf_sluice.data.corpus import TaggingCorpus

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
    begun = Path(recipe.output) / "recipe.yaml"
    resume = begun.exists() and begun.read_text(encoding="utf-8") == recipe.to_yaml()
    train_recipe(
        recipe,
        resume=resume,
        overwrite=not resume,
        corpus=_corpus(recipe.model_dump_json(include={"data", "tasks"})),
        save_model=keep_model,
        show_progress=False,
    )


@lru_cache(maxsize=_CORPORA_KEPT)
def _corpus(data_and_tasks: str) -> TaggingCorpus:
    import json

    return build_corpus(Recipe.model_validate({**json.loads(data_and_tasks), "output": "none"}))
