"""Which runs some experiments are made of, and which of these are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.data.load import check_corpus
from hf_sluice.errors import RecipeError, UserError
from hf_sluice.experiments.experiment import Experiment, load_experiment
from hf_sluice.experiments.grid import Point, points
from hf_sluice.experiments.store import RunStore
from hf_sluice.training.building import check_model_section
from hf_sluice.training.pruning.checks import check_mask_tasks
from hf_sluice.training.recipe_corpus import source_tasks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class PlannedExperiment:
    """An experiment with the points of its grid."""

    experiment: Experiment
    points: Sequence[Point]


@dataclass(frozen=True)
class Plan:
    """What there is to do.

    Args:
        experiments: in the order asked.
        store: where the runs are kept.
        missing: by key the runs that are not finished, those next to each other that read the same data.
        keep_models: the keys of runs that are to keep their models.
    """

    experiments: Sequence[PlannedExperiment]
    store: RunStore
    missing: Mapping[str, Point]
    keep_models: frozenset[str]

    @property
    def num_runs(self) -> int:
        """How many different runs there are, finished ones included."""
        return len({point.key for planned in self.experiments for point in planned.points})


def make_plan(files: Iterable[Path], store_path: Path) -> Plan:
    """Reads experiment files, and checks all that can be checked before a run begins.

    Raises:
        UserError: a file that is none, a point whose recipe or sharing makes no sense, or two experiments of one name.
    """
    planned = [_planned(path) for path in files]
    names = [p.experiment.name for p in planned]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"two experiments have the name {name!r}; their results would lie in one folder")
    store = RunStore(store_path)
    everything = {point.key: point for p in planned for point in p.points}
    missing = [point for point in everything.values() if not store.is_finished(point)]
    keep = frozenset(point.key for p in planned if p.experiment.keep_models for point in p.points)
    return Plan(planned, store, {point.key: point for point in in_loading_order(missing)}, keep)


def check_sources(chosen: Iterable[Point]) -> None:
    """Sees to it that this machine has the corpora that some runs read.

    Raises:
        UserError: an unknown corpus or option, or no folder of corpora where one is needed.
    """
    for point in {_source(point): point for point in chosen}.values():
        data = point.recipe.data
        try:
            check_corpus(data.corpus, data.root, data.options)
        except UserError as error:
            raise UserError(f"{point.label}: {error}") from None


def in_loading_order(chosen: Iterable[Point]) -> list[Point]:
    """Points that read the same data next to each other, otherwise as they come."""
    chosen = list(chosen)
    places: dict[str, int] = {}
    for point in chosen:
        places.setdefault(_source(point), len(places))
    return sorted(chosen, key=lambda point: places[_source(point)])


def _source(point: Point) -> str:
    data = point.recipe.data
    return repr((data.corpus, data.root, data.options, sorted(map(str, source_tasks(data, point.recipe.data_tasks)))))


def _planned(path: Path) -> PlannedExperiment:
    experiment = load_experiment(path)
    grid = points(experiment, str(path))
    for point in grid:
        try:
            source_tasks(point.recipe.data, point.recipe.data_tasks)
            check_model_section(point.recipe)
            check_mask_tasks(point.recipe)
        except UserError as error:
            raise RecipeError(f"{path}: {point.label}: {error}") from None
    return PlannedExperiment(experiment, grid)
