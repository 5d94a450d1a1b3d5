"""The search that a recipe asks for, as a recipe of its own: what two recipes share, they need not search twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_sluice.training.pruning.settings import MaskMethod, MaskSettings

if TYPE_CHECKING:
    from hf_sluice.recipe import Recipe

# What the training of the final model alone reads: a search weights the tasks as they say themselves, in float32, and
# prunes what was trained, not its averages.
_OF_THE_FINAL_TRAINING = (
    "epochs", "early_stopping", "checkpoint_steps", "log_steps", "affinity", "trackers", "mixed_precision",
    "objective", "first_batch_size", "batch_growth", "average_decay", "cuda_graphs",
)  # fmt: skip
_SEARCHED_AS: dict[MaskMethod, MaskMethod] = {"random": "magnitude", "all": "magnitude", "layers": "magnitude"}


def mask_settings(recipe: Recipe) -> MaskSettings:
    """The recipe's section ``masks``, or what stands for it where there is none."""
    return MaskSettings() if recipe.masks is None else recipe.masks


def search_recipe(recipe: Recipe) -> Recipe:
    """The recipe's search, stripped of all that the search does not read.

    Recipes that differ in what they make of the candidates alone have the same one: in the choice, in the tasks
    trained, in the training of the final model, in random masks instead of those found.
    """
    masks = mask_settings(recipe)
    settings = recipe.training
    defaults = type(settings)()
    training = replace(settings, **{name: getattr(defaults, name) for name in _OF_THE_FINAL_TRAINING})
    searched = replace(
        masks, method=_SEARCHED_AS.get(masks.method, masks.method), choice="best", task_layers=None, search_tasks=None
    )
    model: dict[str, Any] = {name: value for name, value in recipe.model.items() if name != "default_task"}
    return recipe.model_copy(
        update={
            "tasks": recipe.data_tasks,
            "model": model,
            "masks": searched,
            "training": training,
            "baselines": [],
            "output": "search",
        }
    )
