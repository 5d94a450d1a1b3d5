from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.known_pairs import KnownPairs
from hf_sluice.analysis.task_relations.validation import validate
from hf_sluice.analysis.task_relations.validation_figures import elimination_figure, reliability_figure
from hf_sluice.analysis.task_relations.validation_tables import (
    by_task_table,
    reliability_table,
    validation_note,
    validation_table,
)
from tests.analysis.task_relations.known_relations import TASKS, known_features, known_gains

FEATURES = known_features()
GAINS = known_gains(FEATURES).assign(verdict=lambda table: np.where(table.gain > 0, "gain", "loss"))


@pytest.fixture(scope="module")
def validation():
    return validate(KnownPairs.of(FEATURES, GAINS, ["labels"])[0], runs=2)


def test_all_validations_stand_together_beside_what_has_no_features(validation):
    rows = validation_table({"labels": validation}).rows
    held_out = ["random pairs", "a new task", "two new tasks"]
    assert [row[:2] for row in rows] == [
        *(("labels", name) for name in held_out),
        *(("names of the tasks alone", name) for name in held_out[:2]),
        *(("nothing", name) for name in held_out),
    ]
    scores = validation.random_pairs
    assert rows[0][2:4] == (
        f"{scores.accuracy:.3f} ± {scores.accuracy_spread:.3f}",
        f"{scores.f1:.3f} ± {scores.f1_spread:.3f}",
    )
    assert rows[1][2] == f"{validation.new_task.accuracy:.3f}"
    majorities = [scores.majority for scores in validation.held_out.values()]
    assert [row[2:5] for row in rows[5:]] == [
        (f"{one.accuracy:.3f}", f"{one.f1:.3f}", f"{one.brier:.3f}") for one in majorities
    ]
    assert len({one.brier for one in majorities}) > 1


def test_each_task_left_out_has_a_row(validation):
    rows = by_task_table(validation).rows
    assert [row[0] for row in rows] == list(TASKS)
    gains = validation.by_task["gains"]
    assert [row[1] for row in rows] == [f"{gains[task]} of 14" for task in TASKS]


def test_calibration_is_told_of_all(validation):
    rows = reliability_table(validation).rows
    assert {row[0] for row in rows} == set(validation.held_out)
    assert sum(int(row[2]) for row in rows if row[0] == "a new task") == 2 * 56


def test_undecided_pairs_are_mentioned_where_there_are_any(validation):
    assert validation_note(validation).startswith("56 pairs. *Random pairs*: 2 times 5 folds")
    gains = GAINS.assign(verdict=np.where(GAINS.gain.abs() < 2, "undecided", GAINS.verdict))
    other = validate(KnownPairs.of(FEATURES, gains, ["labels"])[0], runs=1, in_full=False)
    assert f"({other.undecided} more are undecided and do not count)" in validation_note(other)


def test_the_picture_of_calibration_has_a_line_for_each(validation):
    figure = reliability_figure(validation)
    diagonal, *lines = figure.axes[0].lines
    assert diagonal.get_xdata()[-1] == diagonal.get_ydata()[-1] == 1
    for line, scores in zip(lines, validation.held_out.values(), strict=True):
        assert line.get_ydata() == pytest.approx(scores.reliability["gains"])


def test_the_picture_of_elimination_rings_the_best():
    from hf_sluice.analysis.task_relations.elimination import eliminate

    pairs, _ = KnownPairs.of(FEATURES, GAINS, ["labels"])
    found = eliminate(pairs, order=pairs.columns, first_look=1, runs=1)
    random_pairs, new_task, ring, *_ = elimination_figure(found, 0.7, 0.6).axes[0].lines
    assert random_pairs.get_ydata().tolist() == found.path.sort_index()["f1"].tolist()
    assert new_task.get_ydata().tolist() == found.path.sort_index()["f1_new_task"].tolist()
    assert ring.get_xdata()[0] == len(found.best)
