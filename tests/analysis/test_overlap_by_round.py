from __future__ import annotations

import itertools

import pytest

from hf_sluice.analysis.overlap_by_round import overlap_by_round, overlap_by_round_table
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.mask_measures import overlap_ratio, sparsity
from tests.analysis.small_subnets import ROUNDS, small_search


def test_rounds_are_those_that_all_tasks_went_through():
    _, search = small_search(3)
    rounds = overlap_by_round(search.masks)

    assert [one.round for one in rounds] == list(range(min(ROUNDS[:3]) + 1))
    assert (rounds[0].sparsity, rounds[0].overlap) == (1, 1)
    for earlier, later in itertools.pairwise(rounds):
        assert later.sparsity < earlier.sparsity
        assert later.overlap < earlier.overlap


def test_overlap_is_that_of_the_masks_of_the_round():
    model, search = small_search(3)
    third = overlap_by_round(search.masks)[2]  # the one that all tasks have chosen
    masks = model.masks

    assert third.overlap == overlap_ratio(list(masks.values()))
    assert third.sparsity == pytest.approx(sum(map(sparsity, masks.values())) / 3)
    for one, other, ratio in third.pairs:
        assert ratio == overlap_ratio([masks[one], masks[other]])


@pytest.mark.parametrize(("tasks", "columns"), [(2, ["task0 & task1"]), (3, ["all tasks", "task0 & task1"])])
def test_the_table_has_a_row_per_round(tasks, columns):
    rounds = overlap_by_round(small_search(tasks)[1].masks)
    table = overlap_by_round_table(rounds)

    assert list(table.columns[2:][: len(columns)]) == columns
    assert [row[:3] for row in table.rows] == [
        (str(one.round), f"{100 * one.sparsity:.1f} %", f"{one.overlap:.2f}") for one in rounds
    ]
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_masks_without_rounds_are_refused():
    with pytest.raises(ValueError, match="saved without the rounds"):
        overlap_by_round(MaskSet(small_search(2)[1].masks.masks))
