"""Short trainings of tasks alone, from which advice is given before any two of them are trained together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments.grid import Point, run_key
from hf_sluice.experiments.planning import in_loading_order
from hf_sluice.experiments.relations.study_recipes import budget, check_study_recipe, study_recipe
from hf_sluice.experiments.store import RunStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.recipe import Recipe

_FEWEST_LINES = 10  # of losses, for gradients of a curve


@dataclass(frozen=True)
class InductionPlan:
    """The beginnings of trainings of tasks alone.

    Args:
        main: the task that is to be helped.
        auxiliaries: the candidates.
        runs: per task, the main one first, its runs, which differ in their seeds.
        budget: batches of a whole training of a task.
        batches: batches of each run.
        store: where they are kept.
    """

    main: str
    auxiliaries: tuple[str, ...]
    runs: dict[str, tuple[Point, ...]]
    budget: int
    batches: int
    store: RunStore

    @property
    def missing(self) -> list[Point]:
        """Runs that are not finished, those next to each other that read the same data."""
        points = [point for points in self.runs.values() for point in points]
        return in_loading_order(point for point in points if not self.store.is_finished(point))

    @property
    def cost(self) -> int:
        """Batches of all runs."""
        return sum(map(len, self.runs.values())) * self.batches

    @property
    def cost_of_pairs(self) -> int:
        """Batches that training the main task with each candidate would take, with as many seeds."""
        return 2 * self.budget * len(self.auxiliaries) * len(self.runs[self.main])


def plan_inductions(
    recipe: Recipe,
    place: str,
    main: str,
    auxiliaries: Sequence[str] | None,
    share: float,
    seeds: Sequence[int],
    store_path: Path,
) -> InductionPlan:
    """Plans the runs that advice is given from, after checking all that can be checked before one begins.

    Args:
        recipe: names the tasks, and the budget of a whole training; one that a study could be made of.
        place: its file; messages about it begin with that.
        main: a task of the recipe.
        auxiliaries: others of its tasks; None for all others.
        share: of the budget, above 0 and at most 1.
        seeds: of the runs, all different.
        store_path: the folder that holds the runs of all experiments.

    Raises:
        UserError: a recipe that no study can be made of, a task that it does not have, the main task as its own
            auxiliary one, or a share so small that there would be no curve.
    """
    check_study_recipe(recipe, place)
    chosen = _chosen(recipe, place, main, auxiliaries)
    epochs, steps_per_epoch = _shortened(recipe, share)
    runs = {
        task: tuple(_point(study_recipe(recipe, [task], seed), epochs, steps_per_epoch) for seed in seeds)
        for task in (main, *chosen)
    }
    return InductionPlan(main, chosen, runs, budget(recipe), epochs * steps_per_epoch, RunStore(store_path))


def _chosen(recipe: Recipe, place: str, main: str, auxiliaries: Sequence[str] | None) -> tuple[str, ...]:
    names = recipe.task_names
    for task in (main, *(auxiliaries or ())):
        if task not in names:
            raise UserError(f"{place}: there is no task {task!r}; there is {', '.join(names)}")
    chosen = tuple(dict.fromkeys(auxiliaries or (name for name in names if name != main)))
    if main in chosen:
        raise UserError(f"--aux {main}: the main task cannot be its own auxiliary task")
    return chosen


def _shortened(recipe: Recipe, share: float) -> tuple[int, int]:
    """Epochs, and batches in each: whole epochs of the recipe where the share has one, else the beginning of one."""
    training = recipe.training
    batches = math.ceil(share * budget(recipe) - 1e-9)
    steps = training.steps_per_epoch or 1
    shortened = (batches // steps, steps) if batches >= steps else (1, batches)
    lines = math.prod(shortened) // (training.log_steps or 1)
    if lines < _FEWEST_LINES:
        raise RecipeError(
            f"--share {share:g}: {math.prod(shortened)} batches with training.log_steps {training.log_steps} make a "
            f"curve of {lines} points; it takes at least {_FEWEST_LINES}"
        )
    return shortened


def _point(recipe: Recipe, epochs: int, steps_per_epoch: int) -> Point:
    """A run; its batches are those that the whole training begins with, as a rate depends on the epoch alone."""
    values = recipe.model_dump()
    values["training"] |= {"epochs": epochs, "steps_per_epoch": steps_per_epoch}
    shortened = type(recipe).model_validate(values)
    key = run_key(shortened)
    return Point({"task": recipe.task_names[0]}, shortened.model_copy(update={"output": key}), key)
