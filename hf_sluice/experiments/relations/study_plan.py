"""Which runs a study is made of, and which of these are missing."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.experiments.grid import Point, run_key
from hf_sluice.experiments.planning import in_loading_order
from hf_sluice.experiments.relations.affinity_run import affinity_point
from hf_sluice.experiments.relations.study_recipes import check_study_recipe, study_recipe
from hf_sluice.experiments.store import RunStore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.recipe import Recipe


@dataclass(frozen=True)
class StudyPlan:
    """The runs of a study.

    Args:
        file: that of its recipe.
        recipe: names all of its tasks.
        seeds: of each run.
        alone: the runs of each task alone: tasks in the recipe's order, then seeds.
        pairs: those of each pair, in whichever direction: one run tells both.
        store: where they are kept.
        together: the run of all tasks in which affinity is measured; None where that is not wanted.
    """

    file: Path
    recipe: Recipe
    seeds: tuple[int, ...]
    alone: tuple[Point, ...]
    pairs: tuple[Point, ...]
    store: RunStore
    together: Point | None = None

    @property
    def name(self) -> str:
        """Of the folder of its results."""
        return self.file.stem

    @property
    def points(self) -> tuple[Point, ...]:
        """All runs that tell gains."""
        return self.alone + self.pairs

    @property
    def num_runs(self) -> int:
        """How many runs there are in all."""
        return len(self.points) + (self.together is not None)

    @property
    def missing(self) -> list[Point]:
        """Those that are not finished, single ones first, and those next to each other that read the same data."""
        return [
            *in_loading_order(point for point in self.alone if not self.store.is_finished(point)),
            *in_loading_order(point for point in self.pairs if not self.store.is_finished(point)),
            *([] if self.together is None or self.store.is_finished(self.together) else [self.together]),
        ]


def plan_study(
    recipe: Recipe, file: Path, seeds: Sequence[int], store_path: Path, *, with_affinity: bool = False
) -> StudyPlan:
    """Plans a study, after checking all that can be checked before a run begins.

    Args:
        recipe: names all tasks.
        file: where it comes from.
        seeds: all different.
        store_path: the folder that holds the runs of all experiments.
        with_affinity: whether to train all tasks together as well, with the first seed, and measure affinity.

    Raises:
        RecipeError: a recipe that no study can be made of.
    """
    check_study_recipe(recipe, str(file))
    names = recipe.task_names
    return StudyPlan(
        file=file,
        recipe=recipe,
        seeds=tuple(seeds),
        alone=tuple(study_point(recipe, [name], seed) for name in names for seed in seeds),
        pairs=tuple(study_point(recipe, pair, seed) for pair in itertools.combinations(names, 2) for seed in seeds),
        store=RunStore(store_path),
        together=affinity_point(recipe, seeds[0]) if with_affinity else None,
    )


def study_point(recipe: Recipe, tasks: Sequence[str], seed: int) -> Point:
    """One run: of a task alone, or of several."""
    own = study_recipe(recipe, tasks, seed)
    key = run_key(own)
    return Point({"tasks": " + ".join(tasks)}, own.model_copy(update={"output": key}), key)
