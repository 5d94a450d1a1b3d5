"""All features of tasks, from the runs that trained them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.curve_features import CurveFeatures, curve_features
from hf_sluice.analysis.task_relations.curve_files import curve_from_metrics, score_curve_from_metrics
from hf_sluice.analysis.task_relations.curves import CurveError
from hf_sluice.analysis.task_relations.data_features import data_features
from hf_sluice.analysis.task_relations.definitions import ERROR_SUFFIX, FEATURES, feature_names
from hf_sluice.analysis.task_relations.mean_curves import mean_learning_curve, mean_score_curve
from hf_sluice.analysis.task_relations.smoothed_curve import score_features, smoothed_features
from hf_sluice.experiments.relations.known_words import known_words
from hf_sluice.experiments.run_recipe import kept_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.store import RunStore

_COLUMNS = [
    column
    for feature in FEATURES
    for column in ((feature.name, feature.name + ERROR_SUFFIX) if feature.has_error else (feature.name,))
]


@dataclass(frozen=True, eq=False)
class TaskFeatures:
    """Features of tasks.

    Args:
        table: index ``task``; one column per feature and, where it has one, its standard error; NaN for what is not
            known.
        problems: why, one line each.
    """

    table: pd.DataFrame
    problems: tuple[str, ...]


def task_features(runs: Mapping[str, Sequence[Point]], store: RunStore, budget: int) -> TaskFeatures:
    """Data features of the training sentences, curve features of the mean curve over a task's runs.

    Args:
        runs: per task at least one finished run of it alone; several differ in their seeds.
        store: where they are.
        budget: batches of the whole training; a run may be the beginning of one.

    Raises:
        UserError: a corpus cannot be read.
    """
    rows: dict[str, dict[str, float | None]] = {}
    problems: list[str] = []
    for task, points in runs.items():
        recipe = points[0].recipe
        corpus = kept_corpus(recipe)
        values = data_features(corpus, task, known_words(recipe, corpus))
        for found in _of_curves(task, [store.path / point.key / "metrics.jsonl" for point in points], budget):
            values |= found.values
            problems += found.problems
        rows[task] = values
    table = feature_table(rows)
    return TaskFeatures(table, (*_unknown_of_data(table), *problems))


def feature_table(rows: Mapping[str, Mapping[str, float | None]]) -> pd.DataFrame:
    """Features by task as a table with all columns: index ``task``, NaN for what is not known."""
    import pandas as pd

    table = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=_COLUMNS).astype(float)
    return table.rename_axis("task")


def _unknown_of_data(table: pd.DataFrame) -> Iterator[str]:
    for name in feature_names("data"):
        unknown = list(table.index[table[name].isna()])
        if unknown:
            why = " (the recipe names no tokenizer.word_vectors)" if name == "oov_rate" else ""
            yield f"{name} is not known of {', '.join(unknown)}{why}"


def _of_curves(task: str, files: Sequence[Path], budget: int) -> Iterator[CurveFeatures]:
    """Features of the losses and of the development scores; of curves that are none a problem alone."""
    try:
        losses = mean_learning_curve([curve_from_metrics(path, task, budget) for path in files])
        yield curve_features(losses)
        yield smoothed_features(losses)
    except CurveError as error:
        yield CurveFeatures({}, [str(error)])
    try:
        yield score_features(mean_score_curve([score_curve_from_metrics(path, task, budget) for path in files]))
    except CurveError as error:
        yield CurveFeatures({}, [str(error)])
