"""What predictions are worth, as tables: all validations side by side, beside what can be had without features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.analysis.task_relations.validation import Baseline, Scores, Validation

_COLUMNS = ("accuracy", "F1 (gain)", "Brier", "error of size")


def validation_table(validations: Mapping[str, Validation], title: str = "Validation") -> TextTable:
    """Per predictor a row for pairs held out at random and for one and two tasks left out; last what has no features.

    Args:
        validations: by name of the predictor; all of the same pairs.
        title: of the table.
    """
    rows = [
        (name, held_out, *_cells(scores))
        for name, validation in validations.items()
        for held_out, scores in validation.held_out.items()
    ]
    last = list(validations.values())[-1]
    for held_out, scores in last.held_out.items():
        if scores.names is not None:
            rows.append(("names of the tasks alone", held_out, *_without_features(scores.names)))
    rows += [("nothing", held_out, *_without_features(scores.majority)) for held_out, scores in last.held_out.items()]
    return TextTable(title, ("features", "held out", *_COLUMNS), tuple(rows), num_names=2)


def by_task_table(validation: Validation) -> TextTable:
    """Per task left out, what was said of its pairs."""
    rows = tuple(
        (
            str(task),
            f"{row['gains']:.0f} of {row['pairs']:.0f}",
            _number(row["accuracy"], ".3f"),
            _number(row["accuracy_as_main"], ".3f"),
            _number(row["ranking"], "+.2f"),
        )
        for task, row in validation.by_task.iterrows()
    )
    columns = ("task left out", "gains", "accuracy", "as main task", "ranking")
    return TextTable("Each task as a new one", columns, rows, num_names=1)


def reliability_table(validation: Validation) -> TextTable:
    """How many predictions of each range of probability were gains."""
    rows = tuple(
        (
            held_out,
            f"{row['above']:.1f} – {row['up_to']:.1f}",
            f"{row['predictions']:.0f}",
            f"{row['predicted']:.2f}",
            f"{row['gains']:.2f}",
        )
        for held_out, scores in validation.held_out.items()
        for _, row in scores.reliability.iterrows()
    )
    columns = ("held out", "probability", "predictions", "mean probability", "share of gains")
    return TextTable("Calibration", columns, rows, num_names=2)


def validation_note(validation: Validation) -> str:
    """What the columns mean, in Markdown."""
    undecided = f" ({validation.undecided} more are undecided and do not count)" if validation.undecided else ""
    return (
        f"{validation.pairs} pairs{undecided}. *Random pairs*: {validation.runs} times {validation.folds} folds, mean "
        "± standard deviation over the shufflings; each task of a pair held out also stands in pairs that were fitted "
        "on. *A new task*: all pairs with a task are held out, each task in turn, so that every pair is predicted "
        "twice, once for each of its tasks; the other one is known. *Two new tasks*: neither task of a pair stands in "
        "those that were fitted on. *Names of the tasks alone*: the same regressions on nothing but which task is the "
        "main and which the auxiliary one. *Nothing*: accuracy of saying what most of the other pairs are, F1 of "
        "always saying that there is a gain, Brier score of their share of gains, mean absolute error of their mean "
        "change (points of per cent)."
    )


def _without_features(baseline: Baseline) -> tuple[str, ...]:
    return (
        f"{baseline.accuracy:.3f}",
        f"{baseline.f1:.3f}",
        f"{baseline.brier:.3f}",
        f"{baseline.size_error:.2f}",
    )


def _cells(scores: Scores) -> tuple[str, ...]:
    spread = "" if scores.f1_spread is None else f" ± {scores.f1_spread:.3f}"
    accuracy = f"{scores.accuracy:.3f}" + ("" if scores.f1_spread is None else f" ± {scores.accuracy_spread:.3f}")
    return accuracy, f"{scores.f1:.3f}{spread}", f"{scores.brier:.3f}", f"{scores.size_error:.2f}"


def _number(value: float, form: str) -> str:
    return NOTHING if np.isnan(value) else format(value, form)
