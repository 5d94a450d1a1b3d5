"""Several runs of one recipe that differ in their seed, as one set of tables."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.sharing_tables import Sharing
from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import TextTable, comparison_table
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def summarise_runs(runs: Sequence[Mapping[str, Any]], split: str = "test") -> list[TextTable]:
    """Scores, learned weights and cost of runs that differ in their seed.

    Args:
        runs: what ``RunFolder.read_results`` gave, at least one.
        split: ``test`` or ``validation``.

    Returns:
        Scores per task and domain (mean ± sample standard deviation), what was learned to share (α per layer and β, or
        the sparsity and overlap of masks), and cost.

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
    tables.extend(_masks(runs) if "masks" in first else _mixing(runs, [task.name for task in tasks]))
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


def _mixing(runs: Sequence[Mapping[str, Any]], tasks: Sequence[str]) -> Iterator[TextTable]:
    first = runs[0]
    names = Sharing.of_results(first).subspaces
    for layer in range(len(first["alpha"])):
        title = f"α, layer {layer + 1}: row draws from column"
        yield _matrix(title, names, names, [run["alpha"][layer] for run in runs])
    layers = [f"layer {layer + 1}" for layer in range(len(first["beta"][0]))]
    yield _matrix("β: task reads layer", tasks, layers, [run["beta"] for run in runs])


def _masks(runs: Sequence[Mapping[str, Any]]) -> Iterator[TextTable]:
    """Shares of the weights that remain, and overlap ratios, both from 0 to 1."""
    masks = [run["masks"] for run in runs]
    layers: dict[str, list[str]] = {task: list(of) for task, of in masks[0]["by_layer"].items()}
    tasks = list(layers)
    shares = [[[m["sparsity"][task], *(m["by_layer"][task][k] for k in layers[task])] for task in tasks] for m in masks]
    yield _matrix("Subnets: the share of the masked weights that remains", tasks, ["all", *layers[tasks[0]]], shares)
    if masks[0]["pairs"]:
        pairs = [f"{first} & {second}" for first, second, _ in masks[0]["pairs"]]
        ratios = [[[ratio] for *_, ratio in m["pairs"]] + [[m["overlap"]]] for m in masks]
        yield _matrix("Overlap ratios", [*pairs, "all tasks"], ["overlap"], ratios)


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
