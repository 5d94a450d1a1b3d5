"""What the runs of an experiment came to, as one table and one list of records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ALL_DOMAINS, MACRO_AVERAGE
from hf_sluice.tasks import Task
from hf_sluice.training.metrics_log import MetricsLog
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hf_sluice.evaluation.evaluator import ScoreRow
    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.store import RunStore

_COPIED = ("parameters", "counted_parameters", "num_subspaces", "alpha", "beta", "masks", "search", "epochs",
           "best_epoch", "best_score", "steps", "training_seconds", "seconds", "device", "commit", "versions",
           "characteristics")  # fmt: skip
_OF_AN_EPOCH = ("epoch", "step", "learning_rate", "losses", "validation", "score")
_COLUMNS = ("seed", "run", "task", "split", "domain", "in_domain", "metric", "value", "accuracy", "support")


@dataclass(frozen=True)
class Collected:
    """The finished runs of an experiment.

    Args:
        results: one row per run, split, task and test domain, and for ``all`` and ``macro``: per axis a column with the
            name of its value; ``seed``; ``run``, the key; ``task``; ``split``, validation or test; ``domain``;
            ``in_domain``, whether the run was trained on that domain; ``metric`` and ``value``, the score by which the
            task is judged; ``accuracy`` of tokens, None for regression; ``support``, the tokens or spans.
        runs: one mapping per point: ``point``, ``key``, ``seed``, ``recipe``, ``tasks``, what the run's
            ``results.json`` says of the model and the training, and ``curve``, the epochs.
    """

    results: pd.DataFrame
    runs: list[dict[str, Any]]


def collect(experiment: Experiment, points: Sequence[Point], store: RunStore) -> Collected:
    """Reads the finished runs of some points.

    Raises:
        ModelFolderError: a run's results are damaged.
    """
    rows: list[dict[str, Any]] = []
    runs: list[dict[str, Any]] = []
    for point in points:
        results = store.folder(point).read_results()
        rows.extend(_rows(point, results))
        runs.append(_record(point, results, MetricsLog(store.path / point.key / "metrics.jsonl")))
    return Collected(pd.DataFrame(rows, columns=[*experiment.axes, *_COLUMNS]), runs)


def write_collected(collected: Collected, folder: Path) -> list[Path]:
    """Writes ``results.jsonl``, ``results.parquet`` and ``runs.jsonl``.

    Raises:
        UserError: they cannot be written.
    """
    make_folder(folder)
    table, lines, runs = folder / "results.parquet", folder / "results.jsonl", folder / "runs.jsonl"
    aside = folder / "results.parquet.writing"
    collected.results.to_parquet(aside, index=False)
    aside.replace(table)
    present = collected.results.notna()
    _write_lines(lines, collected.results.astype(object).where(present, None).to_dict(orient="records"))
    _write_lines(runs, collected.runs)
    return [lines, table, runs]


def make_folder(folder: Path) -> None:
    """Makes the folder of an experiment's results, if need be; raises UserError where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror})") from None


def _write_lines(path: Path, values: Iterable[Any]) -> None:
    with write_whole(path) as file:
        file.writelines(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _rows(point: Point, results: dict[str, Any]) -> Iterator[dict[str, Any]]:
    metrics = {task.name: task.metric for task in map(Task.from_dict, results["tasks"])}
    scores: dict[str, list[ScoreRow]] = results["scores"][results["system"]]
    trained_on = point.recipe.data.train_domains
    for split, of_split in scores.items():
        for row in of_split:
            if row.metric == metrics[row.task] and row.span_type is None:
                in_domain = trained_on is None or row.domain in trained_on
                yield {
                    **point.values,
                    "seed": point.recipe.seed,
                    "run": point.key,
                    "task": row.task,
                    "split": split,
                    "domain": row.domain,
                    "in_domain": in_domain and row.domain not in (ALL_DOMAINS, MACRO_AVERAGE),
                    "metric": str(row.metric),
                    "value": row.value,
                    "accuracy": row.accuracy,
                    "support": row.support,
                }


def _record(point: Point, results: dict[str, Any], log: MetricsLog) -> dict[str, Any]:
    epochs = (event for event in log.read() if event["event"] == "epoch")
    return {
        "point": dict(point.values),
        "key": point.key,
        "seed": point.recipe.seed,
        "recipe": point.recipe.model_dump(mode="json", exclude={"output", "seed", "baselines"}, exclude_defaults=True),
        "system": results["system"],
        "tasks": [task["name"] for task in results["tasks"]],
        **{name: results.get(name) for name in _COPIED},
        "curve": [{name: epoch[name] for name in _OF_AN_EPOCH} for epoch in epochs],
    }
