from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.advice_text import advice_text
from tests.analysis.task_relations.advised import LONG, advice, fitted


@pytest.mark.parametrize("names", [("ner", "pos"), ("ner", "pos", "chunk", "srl", "mwe"), (LONG, f"{LONG}_2", "pos")])
@pytest.mark.parametrize("changes", [{}, {"sentences": 1e7, "relative_gradient_70": np.nan}])
def test_no_line_is_longer_than_a_terminal_is_wide(names, changes):
    text = advice_text(advice(names, **changes))
    assert max(map(len, text.splitlines())) <= 80


def test_candidates_are_listed_in_order_with_probability_and_change():
    given = advice()
    lines = advice_text(given).splitlines()
    rows = [next(line for line in lines if line.startswith(f"{task.name} ")) for task in given.auxiliaries]
    assert [lines.index(row) for row in rows] == sorted(lines.index(row) for row in rows)
    for task, row in zip(given.auxiliaries, rows, strict=True):
        assert f"{task.probability:.2f}" in row
        assert row.count("█") == round(20 * task.probability)


def test_the_strongest_reasons_stand_under_for_and_against():
    given = advice()
    text = advice_text(given)
    for task in given.auxiliaries:
        section = text.split(f"\n{task.name}\n")[1].split("\n\n")[0]
        before, against = section.split("  against ")
        assert before.startswith("  for ")
        for part, speaking_for in ((before, True), (against, False)):
            for reason in task.strongest(speaking_for=speaking_for, at_most=3):
                assert f"{reason.feature} = {reason.value:.4g}" in part


def test_what_it_is_worth_stands_beside_the_majority_for_all_that_can_be_held_out():
    given = advice()
    lines = advice_text(given).splitlines()
    assert list(given.validation.held_out) == ["random pairs", "a new task", "two new tasks"]
    for name, scores in given.validation.held_out.items():
        line = next(line for line in lines if line.startswith(name))
        assert ("(these are)" in line) is (name == "two new tasks")
        assert line.split()[-4:] == [
            f"{value:.2f}" for value in (scores.accuracy, scores.majority.accuracy, scores.brier, scores.majority.brier)
        ]


def test_a_predictor_that_is_no_better_than_none_is_called_so():
    good = advice()
    scores = good.validation.new_tasks
    useless = replace(scores, accuracy=scores.majority.accuracy)
    bad = replace(good, validation=replace(good.validation, new_tasks=useless))
    assert "NO BETTER" not in advice_text(good)
    assert "NO BETTER" in advice_text(bad)


def test_a_guess_is_called_one():
    assert "A GUESS" in advice_text(advice(sentences=1e7))
    assert "A GUESS" not in advice_text(advice(("known0", "known1"), relations=fitted(seed=1)))


def test_what_is_done_without_and_what_cannot_be_told_are_said():
    assert "- labels: not known of ner, pos, chunk, srl" in advice_text(advice(labels=np.nan))
    assert "too few pairs" in advice_text(advice(relations=fitted(num_tasks=3)))
