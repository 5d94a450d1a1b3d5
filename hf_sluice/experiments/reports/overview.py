"""What was run: the grid, the data, the cost, and how to run it again."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

import yaml

from hf_sluice.evaluation.evaluator import MACRO_AVERAGE
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.grid import points

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.document import Document
    from hf_sluice.experiments.reports.records import RunRecord

_SIZES = ("sentences", "words", "types", "unknown words in-domain", "unknown words out-of-domain")


def add_overview(
    document: Document, experiment: Experiment, results: pd.DataFrame, records: Sequence[RunRecord], row_axis: str
) -> None:
    """Adds the section.

    Args:
        document: where to.
        experiment: what was to be run.
        results: the scores.
        records: of the runs that were finished.
        row_axis: the axis by which the cost is told.
    """
    document.heading("What was run")
    document.items(_facts(experiment, records))
    document.paragraph("Again: with `HF_SLUICE_DATA` naming the folder of the corpora,")
    document.code(f"hf-sluice experiment recipes/experiments/{experiment.name}.yaml", "sh")
    document.paragraph("What all runs have in common (all else has its default):")
    document.code(yaml.safe_dump(experiment.recipe, sort_keys=False, allow_unicode=True), "yaml")
    missing = _missing(experiment, records)
    if missing:
        document.paragraph(f"**{len(missing)} runs are missing**; averages that need them are left out:")
        document.items(missing)
    if any(record.characteristics for record in records):
        document.table(_training_data(experiment, records))
    document.table(_test_data(results))
    document.table(_cost(records, row_axis))


def _facts(experiment: Experiment, records: Sequence[RunRecord]) -> list[str]:
    commits = sorted({record.short_commit for record in records})
    devices = sorted({record.device for record in records if record.device})
    hours = sum(record.training_seconds for record in records) / 3600
    changed = " (+: with changes that are in no commit)" if any(commit.endswith("+") for commit in commits) else ""
    searched = _search_hours(records)
    search = f"; {searched:.2f} hours of search for masks besides, warm-up not counted" if searched else ""
    planned = len(points(experiment, experiment.name))
    cost = f"{hours:.2f} hours of training in all, on {' and '.join(devices) or 'an unknown device'}"
    return [
        *(f"{axis} ({len(values)}): {', '.join(values)}" for axis, values in experiment.axes.items()),
        f"seeds ({len(experiment.seeds)}): {', '.join(map(str, experiment.seeds))}",
        f"runs: {len(records)} finished of {planned}; {cost}{search}",
        f"commit: {', '.join(commits)}{changed}",
    ]


def _search_hours(records: Sequence[RunRecord]) -> float:
    """What the searches for masks took, those that runs share counted once."""
    rounds = {
        (record.seed, task, candidate)
        for record in records
        if record.search is not None
        for task, candidates in record.search.candidates.items()
        for candidate in candidates
    }
    return sum(candidate.seconds for _, _, candidate in rounds) / 3600


def _missing(experiment: Experiment, records: Sequence[RunRecord]) -> list[str]:
    there = {record.key for record in records}
    return [point.label for point in points(experiment, experiment.name) if point.key not in there]


def _training_data(experiment: Experiment, records: Sequence[RunRecord]) -> TextTable:
    """One row per choice of values of the axes on which the training sentences depend."""
    axes = list(experiment.axes)
    for axis in experiment.axes:
        others = [name for name in axes if name != axis]
        if all(len(sizes) == 1 for sizes in _sizes(records, others).values()):
            axes = others
    rows = tuple((*place, *min(sizes)) for place, sizes in _sizes(records, axes).items())
    return TextTable("Training data", (*axes, *_SIZES), rows, num_names=len(axes))


def _sizes(records: Sequence[RunRecord], axes: Sequence[str]) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for record in records:
        if record.characteristics:
            sizes = tuple(_size(name, record.characteristics.get(name)) for name in _SIZES)
            found.setdefault(tuple(record.point[axis] for axis in axes), set()).add(sizes)
    return found


def _size(name: str, value: float | None) -> str:
    if value is None:
        return NOTHING
    return f"{100 * value:.1f} %" if name.startswith("unknown") else f"{value:.0f}"


def _test_data(results: pd.DataFrame) -> TextTable:
    """What the scores are counted over: per task and domain the labelled tokens or the expected spans."""
    rows = results[(results["split"] == "test") & (results["domain"] != MACRO_AVERAGE)]
    table = rows.pivot_table(index=["task", "metric"], columns="domain", values="support", aggfunc="max", sort=False)
    cells = tuple(
        (task, "spans" if metric == "span_f1" else "tokens", *(f"{size:.0f}" for size in sizes))
        for (task, metric), sizes in zip(table.index, table.to_numpy(), strict=True)
    )
    return TextTable("Test data", ("task", "counted", *table.columns), cells, num_names=2)


def _cost(records: Sequence[RunRecord], row_axis: str) -> TextTable:
    groups: dict[str, list[RunRecord]] = {}
    for record in records:
        groups.setdefault(record.point[row_axis], []).append(record)
    rows = tuple((value, *_cost_of(group)) for value, group in groups.items())
    heads = (row_axis, "runs", "parameters", "epochs", "training seconds per run", "per epoch")
    return TextTable("Cost (means; runs share the machine, so times are orders of magnitude)", heads, rows, num_names=1)


def _cost_of(group: Sequence[RunRecord]) -> tuple[str, ...]:
    epochs = statistics.fmean(record.epochs for record in group)
    seconds = statistics.fmean(record.training_seconds for record in group)
    parameters = statistics.fmean(record.parameters for record in group)
    return str(len(group)), f"{parameters:.0f}", f"{epochs:.1f}", f"{seconds:.1f}", f"{seconds / epochs:.2f}"
