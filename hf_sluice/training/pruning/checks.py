"""What can be said of a recipe's masks before anything is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import RecipeError
from hf_sluice.recipe import task_names
from hf_sluice.training.pruning.choice import Choice
from hf_sluice.training.pruning.given_masks import layers_of_tasks
from hf_sluice.training.pruning.prune import count_rounds
from hf_sluice.training.pruning.search_recipe import mask_settings
from hf_sluice.training.pruning.settings import MAX_ROUNDS

if TYPE_CHECKING:
    from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
    from hf_sluice.recipe import Recipe


def check_mask_tasks(recipe: Recipe) -> None:
    """Sees to it that the tasks of a recipe and of its section ``masks`` are the same ones.

    Raises:
        RecipeError: a task is trained but not searched for, is another one there than here, or there is a choice for
            one that is neither.
    """
    searched = task_names(recipe.data_tasks)
    for name in recipe.task_names:
        if name not in searched:
            raise RecipeError(f"masks.search_tasks: {name!r} is trained but not searched for; add it to them")
    for task in recipe.tasks:
        if isinstance(task, dict) and len(task) > 1 and task not in recipe.data_tasks:
            raise RecipeError(f"masks.search_tasks: {task['name']!r} is described otherwise than in tasks")
    for name in Choice.tasks_of(mask_settings(recipe).choice):
        if name not in searched:
            raise RecipeError(f"masks.choice: {name!r} is none of the tasks {', '.join(searched)}")


def check_masks(recipe: Recipe, config: SparseSharingConfig) -> None:
    """Sees to it that a model can be given the masks that a recipe asks for.

    Args:
        recipe: of a model of sparse sharing.
        config: that model's.

    Raises:
        RecipeError: a task, layer or round that there is not, or more rounds than can be kept on record.
    """
    check_mask_tasks(recipe)
    settings, shapes = mask_settings(recipe), config.masked_shapes()
    if settings.method == "layers":
        layers_of_tasks(recipe.task_names, shapes, config.num_layers, settings.task_layers)
    if not settings.needs_search:
        return
    rounds = count_rounds(shapes, settings.pruning_rate, settings.final_sparsity, settings.scope)
    if rounds > MAX_ROUNDS:
        raise RecipeError(f"masks: {rounds} rounds would be made, of which at most {MAX_ROUNDS} are kept on record")
    for task in recipe.task_names:
        choice = settings.choice_of(task)
        if choice.by == "round" and choice.value > rounds:
            raise RecipeError(
                f"masks.choice: there is no round {choice.value:g} of task {task!r}; the last one is {rounds}"
            )
