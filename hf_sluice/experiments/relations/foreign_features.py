"""Features of tasks that another program trained: from tables of its losses, and a recipe's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.curve_features import curve_features
from hf_sluice.analysis.task_relations.curve_files import curves_from_table
from hf_sluice.analysis.task_relations.curves import CurveError, LearningCurve
from hf_sluice.analysis.task_relations.data_features import data_features
from hf_sluice.analysis.task_relations.smoothed_curve import smoothed_features
from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.known_words import known_words
from hf_sluice.experiments.relations.own_parts import own_parts
from hf_sluice.experiments.relations.task_features import TaskFeatures, feature_table
from hf_sluice.experiments.run_recipe import kept_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hf_sluice.recipe import Recipe


def foreign_features(files: Sequence[Path], budget: int | None = None, recipe: Recipe | None = None) -> TaskFeatures:
    """Features of the tasks whose losses stand in some tables.

    Args:
        files: tables with the columns ``step`` and ``loss`` and, where one holds several tasks, ``task``; else a file
            is named as its task.
        budget: steps of a whole training; None where each curve ends with its training.
        recipe: reads the data of tasks of these names; None for no data features.

    Raises:
        UserError: a file is no such table, a curve cannot be one, a task has two, or the recipe lacks a task.
    """
    curves: dict[str, LearningCurve] = {}
    for file in files:
        for task, curve in curves_from_table(file, budget).items():
            if task in curves:
                raise CurveError(f"{file}: there is a curve of task {task!r} already; one per task is needed")
            curves[task] = curve
    rows: dict[str, dict[str, float | None]] = {}
    problems: list[str] = []
    for task, curve in curves.items():
        rows[task] = {} if recipe is None else _of_data(recipe, task)
        for found in (curve_features(curve), smoothed_features(curve)):
            rows[task] |= found.values
            problems += found.problems
    return TaskFeatures(feature_table(rows), tuple(problems))


def _of_data(recipe: Recipe, task: str) -> dict[str, float | None]:
    described = dict(zip(recipe.task_names, recipe.tasks, strict=True))
    if task not in described:
        raise UserError(f"tasks: the recipe has no task {task!r}; it has {', '.join(described)}")
    alone = recipe.model_copy(update={"tasks": [described[task]], "data": own_parts(recipe.data, [task])})
    corpus = kept_corpus(alone)
    return data_features(corpus, task, known_words(alone, corpus))
