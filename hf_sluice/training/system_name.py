"""What the system that a recipe trains is called in tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.training.pruning.search_recipe import mask_settings

if TYPE_CHECKING:
    from hf_sluice.recipe import Recipe

_MASKED = {
    "magnitude": "sparse sharing",
    "scores": "sparse sharing, trained scores",
    "random": "random masks",
    "all": "hard sharing",
    "layers": "hierarchical sharing",
}

# By whether the model has masks, and whether the architecture is learned further.
_GIVEN = {
    (True, "frozen"): "given masks",
    (False, "frozen"): "frozen architecture",
    (False, "start"): "architecture as start",
}


def system_name(recipe: Recipe) -> str:
    """``sluice``, ``hard sharing``, ``sparse sharing`` and so on."""
    if recipe.architecture is not None:
        return _GIVEN[recipe.is_sparse, recipe.architecture.learn]
    if recipe.is_sparse:
        return _MASKED[mask_settings(recipe).method]
    return str(recipe.model.get("sharing", "sluice")).replace("_", " ")
