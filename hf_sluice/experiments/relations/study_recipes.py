"""The recipes of a study's runs, made out of the one that names all of its tasks.

The protocol of Bingel & Søgaard (2017, section 4): what the recipe says is the same for tasks alone and for pairs; a
step trains one task, drawn uniformly; the number of batches is fixed, and pairs get twice as many, so that each task
sees as many as alone; the last model is the one that is tested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.data.load import FORMATS, task_names
from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments.relations.own_parts import own_parts
from hf_sluice.recipe import make_recipe
from hf_sluice.training.building import check_model_section
from hf_sluice.training.recipe_corpus import source_tasks
from hf_sluice.training.run import single_task_recipe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.recipe import Recipe

_FEWEST_TASKS = 2


def check_study_recipe(recipe: Recipe, place: str) -> None:
    """Checks what can be checked before a corpus is read.

    Args:
        recipe: the study's.
        place: its file; messages begin with it.

    Raises:
        RecipeError: fewer than two tasks, a task that the data do not have, no fixed number of batches or no losses on
            record, sparse sharing, sentences drawn from several parts at once, or a model that makes no sense.
    """
    try:
        _check_tasks(recipe)
        _check_protocol(recipe)
        for names in (recipe.task_names[:1], recipe.task_names[:2]):
            check_model_section(study_recipe(recipe, names, 0))
    except UserError as error:
        raise RecipeError(f"{place}: {error}") from None


def study_recipe(recipe: Recipe, tasks: Sequence[str], seed: int) -> Recipe:
    """The recipe of a run of one task or of several.

    Args:
        recipe: the study's.
        tasks: one of its tasks, or several.
        seed: of the run.

    Returns:
        A recipe that reads the data of these tasks alone. Several share as the recipe's ``model.sharing`` says, by
        default hard.
    """
    several = len(tasks) > 1
    based_on = recipe if several else single_task_recipe(recipe, tasks[0])
    described = dict(zip(recipe.task_names, recipe.tasks, strict=True))
    values: dict[str, Any] = based_on.model_dump()
    training = values["training"]
    values |= {
        "tasks": [described[task] for task in tasks],
        "data": own_parts(recipe.data, tasks).model_dump(),
        "model": {"sharing": "hard_sharing", **based_on.model},
        "training": training
        | {
            "step": "per_task",
            "sampling": "uniform",
            "steps_per_epoch": (training["steps_per_epoch"] or 1) * len(tasks),
            "early_stopping": {"metric": dict.fromkeys(tasks, 1.0), "patience": None, "keep": "last"},
        },
        "baselines": [],
        "seed": seed,
        "output": "run",
    }
    return make_recipe(values, " + ".join(tasks))


def budget(recipe: Recipe) -> int:
    """How many batches train a task, alone and in each pair."""
    return recipe.training.epochs * (recipe.training.steps_per_epoch or 0)


def _check_tasks(recipe: Recipe) -> None:
    names = recipe.task_names
    if len(names) < _FEWEST_TASKS:
        raise RecipeError(
            f"tasks: a study of task relations needs at least {_FEWEST_TASKS} tasks, not {', '.join(names)}"
        )
    if recipe.data.corpus not in FORMATS:
        source_tasks(recipe.data, recipe.tasks)
        known = [*task_names(recipe.data.corpus, recipe.data.options), *recipe.data.derived_tasks]
        for name in names:
            if name not in known:
                raise RecipeError(f"tasks: there is no task {name!r}; there is {', '.join(known)}")


def _check_protocol(recipe: Recipe) -> None:
    if recipe.is_sparse:
        raise RecipeError("model.model_type: a study of task relations trains sluice networks, not sparse_sharing")
    if recipe.training.steps_per_epoch is None:
        raise RecipeError("training.steps_per_epoch: should be set, so that all tasks are trained on as many batches")
    if recipe.training.log_steps is None:
        raise RecipeError("training.log_steps: should be set, so that learning curves are written")
    if recipe.data.corpus == "combined" and recipe.data.max_sentences:
        raise RecipeError(
            "data.max_sentences: would draw other sentences for a task alone than for a pair; say max_sentences in "
            "each of data.options.parts"
        )
