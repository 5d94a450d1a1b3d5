"""The one run of all tasks of a study, in which the affinity between them is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.experiments.grid import Point, run_key
from hf_sluice.experiments.relations.study_recipes import study_recipe

if TYPE_CHECKING:
    from hf_sluice.recipe import Recipe

_MEASUREMENTS = 100
_LEARNING_RATE = 0.1  # of SGD in the papers on sluice networks
_WITHOUT_RATE = ("adadelta", "adamw")  # whose rates are none for plain gradient descent


def affinity_point(recipe: Recipe, seed: int) -> Point:
    """All tasks at once, hard sharing unless the recipe says otherwise, each on as many batches as alone.

    How affinity is measured is what ``training.affinity`` says; without it, 100 times, and with steps of SGD at 0.1
    where the rate of the run's optimiser is none of plain gradient descent.

    Args:
        recipe: the study's.
        seed: of the run.
    """
    whole = study_recipe(recipe, recipe.task_names, seed)
    values = whole.model_dump()
    training = values["training"]
    if training["affinity"] is None:
        steps = training["epochs"] * training["steps_per_epoch"]
        rate = _LEARNING_RATE if training["optimizer"] in _WITHOUT_RATE else None
        training["affinity"] = {"steps": max(1, steps // _MEASUREMENTS), "learning_rate": rate}
    measured = type(recipe).model_validate(values)
    key = run_key(measured)
    return Point({"tasks": "all, with affinity"}, measured.model_copy(update={"output": key}), key)
