"""The points of an experiment's grid, each a run's recipe and the key under which the run is kept."""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_sluice.recipe import Recipe, make_recipe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hf_sluice.experiments.experiment import Experiment

_KEY_LENGTH = 20  # hexadecimal digits: 80 bits


@dataclass(frozen=True, slots=True)
class Point:
    """One run of an experiment.

    Args:
        values: per axis the name of its value.
        recipe: what to run; ``output`` is the key.
        key: names the run among those of all experiments; equal for equal recipes, seed included.
    """

    values: Mapping[str, str]
    recipe: Recipe
    key: str

    @property
    def label(self) -> str:
        """``system: sluice, n: 50, seed 1``."""
        return _label(self.values, self.recipe.seed)


def points(experiment: Experiment, place: str) -> list[Point]:
    """All points of the grid in order, the last axis varying fastest but for the seed.

    Args:
        experiment: the experiment.
        place: its file, for messages.

    Raises:
        RecipeError: a point whose recipe is none; the message names file and point.
    """
    return [_point(experiment, values, seed, place) for values in _choices(experiment) for seed in experiment.seeds]


def run_key(recipe: Recipe) -> str:
    """A name for a run that depends on all of its recipe but the folder it is written to.

    Fields that have their default value do not count, so that a field that recipes learn to have leaves the keys of
    older runs as they are. (What the store holds under a key is compared with the whole recipe.)
    """
    content = recipe.model_dump(mode="json", exclude={"output"}, exclude_defaults=True)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_LENGTH]


def merged(values: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Both mappings as one: mappings within are merged, and what else stands in ``change`` replaces."""
    result = dict(values)
    for name, value in change.items():
        below = result.get(name)
        result[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def _choices(experiment: Experiment) -> Iterator[dict[str, str]]:
    for names in itertools.product(*experiment.axes.values()):
        values = dict(zip(experiment.axes, names, strict=True))
        if not any(omission.items() <= values.items() for omission in experiment.skip):
            yield values


def _point(experiment: Experiment, values: Mapping[str, str], seed: int, place: str) -> Point:
    content = experiment.recipe
    for axis, name in values.items():
        content = merged(content, experiment.axes[axis][name])
    recipe = make_recipe({**content, "seed": seed, "output": "run"}, f"{place}: {_label(values, seed)}")
    key = run_key(recipe)
    return Point(values, recipe.model_copy(update={"output": key}), key)


def _label(values: Mapping[str, str], seed: int) -> str:
    return ", ".join([*(f"{axis}: {name}" for axis, name in values.items()), f"seed {seed}"])
