"""Several runs of one recipe that differ in their seed, as one set of tables."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.sharing_tables import Sharing
from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable, comparison_table
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def summarise_runs(runs: Sequence[Mapping[str, Any]], split: str = "test") -> list[TextTable]:
    """Scores, learned weights and cost of runs that differ in their seed.

    Args:
        runs: what ``RunFolder.read_results`` gave, at least one.
        split: ``test`` or ``validation``.

    Returns:
        Scores per task and domain (mean ± sample standard deviation), α per layer, β, and cost.

    Raises:
        UserError: the runs are of different systems, tasks or sizes, two have the same seed, or there is no such
            split.
    """
    _check_alike(runs, split)
    first = runs[0]
    tasks = [Task.from_dict(task) for task in first["tasks"]]
    scores = {system: [run["scores"][system][split] for run in runs] for system in first["scores"]}
    seeds = ", ".join(str(run["seed"]) for run in runs)
    tables = [comparison_table(scores, tasks, f"Scores on {split} (seeds {seeds})")]
    names = Sharing.of_results(first).subspaces
    tables.extend(
        _matrix(f"α, layer {layer + 1}: row draws from column", names, names, [run["alpha"][layer] for run in runs])
        for layer in range(len(first["alpha"]))
    )
    layers = [f"layer {layer + 1}" for layer in range(len(first["beta"][0]))]
    tables.append(_matrix("β: task reads layer", [task.name for task in tasks], layers, [run["beta"] for run in runs]))
    tables.append(_cost(runs))
    return tables


def _check_alike(runs: Sequence[Mapping[str, Any]], split: str) -> None:
    splits = list(runs[0]["scores"][runs[0]["system"]])
    if split not in splits:
        raise UserError(f"split {split!r} was not scored; there are {', '.join(splits)}")
    for field in ("system", "tasks", "parameters"):
        if any(run[field] != runs[0][field] for run in runs):
            raise UserError(f"the runs differ in their {field}; only runs that differ in their seed can be summarised")
    seeds = [run["seed"] for run in runs]
    if len(set(seeds)) < len(seeds):
        raise UserError(f"two runs have the same seed ({', '.join(map(str, seeds))})")


def _matrix(
    title: str, rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[Sequence[float]]]
) -> TextTable:
    cells = tuple(
        (name, *(_spread([run[row][column] for run in values]) for column in range(len(columns))))
        for row, name in enumerate(rows)
    )
    return TextTable(title, ("", *columns), cells, num_names=1)


def _spread(values: Sequence[float]) -> str:
    text = f"{statistics.fmean(values):.2f}"
    return f"{text} ± {statistics.stdev(values):.2f}" if len(values) > 1 else text


def _cost(runs: Sequence[Mapping[str, Any]]) -> TextTable:
    rows = tuple(
        (str(run["seed"]), str(run["best_epoch"] + 1), str(run["epochs"]), f"{run['training_seconds']:.0f}")
        for run in runs
    )
    return TextTable("Cost", ("seed", "best epoch", "epochs", "training seconds"), rows, num_names=1)
