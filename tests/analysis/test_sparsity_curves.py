from __future__ import annotations

import pytest

from hf_sluice.analysis.overlap_by_round import overlap_by_round
from hf_sluice.analysis.sparsity_curves import overlap_curves, score_curves
from tests.analysis.small_subnets import small_search


def lines_of(figure):
    return {line.get_label(): line for line in figure.axes[0].get_lines() if not line.get_label().startswith("_")}


def points(line):
    return list(zip(*map(list, line.get_data()), strict=True))


def test_every_task_has_a_line_through_its_candidates():
    _, search = small_search(3)
    figure = score_curves(search)
    lines = lines_of(figure)

    assert list(lines) == list(search.candidates)
    for task, line in lines.items():
        assert points(line) == [(100 * one.sparsity, one.score) for one in search.candidates[task]]
    assert len({line.get_color() for line in lines.values()}) == 3


def test_the_chosen_candidates_are_ringed_in_the_colours_of_their_tasks():
    _, search = small_search(3)
    figure = score_curves(search)
    rings = [line for line in figure.axes[0].get_lines() if line.get_fillstyle() == "none"]

    assert [points(ring) for ring in rings] == [[(100 * one.sparsity, one.score)] for one in search.chosen.values()]
    assert [ring.get_color() for ring in rings] == [line.get_color() for line in lines_of(figure).values()]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [*search.candidates, "chosen"]


@pytest.mark.parametrize(("tasks", "lines"), [(2, 1), (3, 4), (4, 7)])
def test_every_pair_has_a_line_and_all_tasks_have_one_where_there_are_more(tasks, lines):
    rounds = overlap_by_round(small_search(tasks)[1].masks)
    drawn = lines_of(overlap_curves(rounds))

    assert len(drawn) == lines
    assert [y for _, y in points(drawn["task0 & task1"])] == [one.pairs[0][2] for one in rounds]
    if lines > 1:
        assert [y for _, y in points(drawn["all"])] == [one.overlap for one in rounds]


def test_the_whole_network_is_at_the_left():
    _, search = small_search(2)
    for figure in (score_curves(search), overlap_curves(overlap_by_round(search.masks))):
        left, right = figure.axes[0].get_xlim()
        assert left > 100 > right
