"""The report of a study: features, what its own predictor is worth, and what the shipped one is worth there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hf_sluice.analysis.task_relations.coefficients import coefficient_spread
from hf_sluice.analysis.task_relations.default_features import DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.definitions import PAPER_FEATURES
from hf_sluice.analysis.task_relations.validation import Validation
from hf_sluice.analysis.task_relations.validation_tables import by_task_table, validation_note, validation_table
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.experiments.relations.study_predictions import ShippedScores

if TYPE_CHECKING:
    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.experiments.relations.study_predictions import StudyPredictions
    from hf_sluice.experiments.relations.task_features import TaskFeatures
    from hf_sluice.experiments.reports.document import Document

_SHOWN_COEFFICIENTS = 12
_OWN = (
    "The study's own predictor, tried on pairs that it was not fitted on. Features that are not known of all tasks are "
    "not read; how many are is said. Undecided pairs are left out of fitting and scoring, and, where there are some, "
    "once taken by the sign of their mean gain."
)
_OF_TASKS = (
    "Default features, each task left out: accuracy over all its pairs; *as main task* over those in which it is the "
    "main one; *ranking*: rank correlation of probability and gain over its auxiliary tasks."
)
_SHIPPED = (
    "The predictor that comes with the package (fitted on the ten tasks of Bingel & Søgaard 2017), on the pairs of "
    "this study, of which it has seen nothing:"
)


def add_features(document: Document, features: TaskFeatures) -> None:
    """Adds the features of tasks, and what is not known."""
    document.heading("Features of tasks")
    document.paragraph("Data features are of the training sentences, those of curves of the mean curve over seeds.")
    names = list(dict.fromkeys((*PAPER_FEATURES, *DEFAULT_FEATURES)))
    rows = tuple((name, *(_number(value) for value in features.table[name])) for name in names)
    document.table(TextTable("", ("feature", *features.table.index), rows, num_names=1))
    if features.problems:
        document.items(list(features.problems))


def add_predictions(document: Document, predictions: StudyPredictions) -> None:
    """Adds both validations, the shipped predictor on the same pairs, and the coefficients."""
    document.heading("Predicting gains")
    document.paragraph(_OWN)
    for treatment in dict.fromkeys(treatment for _, treatment in predictions.validations):
        _add_validations(document, predictions, treatment)
    document.paragraph(_SHIPPED)
    document.table(_shipped(predictions))
    _add_shipped_limits(document, predictions)
    if isinstance(predictions.fitted, str):
        document.paragraph(f"No predictor was kept: {predictions.fitted}.")
    else:
        document.table(_coefficients(predictions.fitted, predictions.fitted_to))
        if predictions.fitted.left_out:
            document.paragraph("It does without:")
            document.items(list(predictions.fitted.left_out))


def _add_validations(document: Document, predictions: StudyPredictions, treatment: str) -> None:
    found = {name: of for (name, treated), of in predictions.validations.items() if treated == treatment}
    validations = {name: of for name, of in found.items() if isinstance(of, Validation)}
    document.paragraph(f"Undecided pairs {treatment}:")
    reasons = [f"{name}: {reason}" for name, reason in found.items() if isinstance(reason, str)]
    if reasons:
        document.items(reasons)
    if validations:
        last = list(validations.values())[-1]
        document.table(validation_table(validations, ""))
        document.paragraph(validation_note(last))
        document.table(by_task_table(last))
        document.paragraph(
            "*As main task*: of the pairs in which it is the main one. *Ranking*: of its auxiliary tasks."
        )


def _shipped(predictions: StudyPredictions) -> TextTable:
    heads = ("undecided", "pairs", "accuracy", "F1", "majority accuracy", "majority F1", "rank correlation")
    rows = []
    for treatment, found in predictions.shipped.items():
        if isinstance(found, ShippedScores):
            values = (found.accuracy, found.f1, found.majority_accuracy, found.majority_f1, found.rank_correlation)
            rows.append((treatment, str(found.pairs), *(_fixed(value) for value in values)))
        else:
            rows.append((treatment, found, *[NOTHING] * 5))
    return TextTable("", heads, tuple(rows), num_names=1)


def _add_shipped_limits(document: Document, predictions: StudyPredictions) -> None:
    if predictions.shipped_left_out:
        document.paragraph("It was fitted again without:")
        document.items(list(predictions.shipped_left_out))
    outside = predictions.shipped_outside
    if isinstance(outside, str):
        document.paragraph(f"How far the tasks lie outside those that it was fitted on is not known: {outside}.")
        return
    document.paragraph(
        "How far the tasks lie outside those that it was fitted on (the feature that lies furthest out, in widths of "
        "the range of those):"
    )
    rows = tuple((str(row.Index), str(row.outside), f"{row.furthest:.2f}", row.feature) for row in outside.itertuples())
    document.table(TextTable("", ("task", "features outside", "furthest", "which"), rows, num_names=1))


def _coefficients(fitted: TaskRelations, treatment: str) -> TextTable:
    table = coefficient_spread(fitted.known_pairs, fitted.settings).head(_SHOWN_COEFFICIENTS)
    rows = tuple(
        (str(row.Index), f"{row.coefficient:+.2f} ± {row.spread:.2f}", f"{row.same_sign:.2f}")
        for row in table.itertuples()
    )
    title = (
        f"The {len(rows)} largest coefficients of the predictor kept in `predictor.json` (default features, undecided "
        f"pairs {treatment}; mean ± standard deviation over 100 draws of four fifths of the pairs)"
    )
    return TextTable(title, ("feature", "coefficient", "share of its sign"), rows, num_names=1)


def _number(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:.4g}"


def _fixed(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:.3f}"
