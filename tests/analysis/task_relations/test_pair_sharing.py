from __future__ import annotations

import math

import pytest

from hf_sluice.analysis.task_relations.pair_sharing import pair_sharing
from hf_sluice.errors import UserError
from tests.analysis.task_relations.small_results import sluice_results, sparse_results

ALPHA = [[[1.0, -0.25], [0.5, 1.0]], [[1.0, 0.75], [0.0, 1.0]]]
BETA = [[0.125, 0.875], [0.5, 0.25]]
PAIR = sluice_results(["pos", "ner"], ALPHA, BETA)
MASKS = sparse_results(["pos", "ner", "srl"], [["pos", "ner", 0.25], ["pos", "srl", 0.5], ["ner", "srl", 0.75]])


def test_the_main_task_draws_from_the_auxiliary_one():
    table = pair_sharing([PAIR])

    assert table.loc[("pos", "ner")].to_dict() == {
        "α, layer 1": 0.25, "α, layer 2": 0.75, "α, all layers": 0.5, "β, layer 1": 0.125, "β, layer 2": 0.875,
    }  # fmt: skip
    assert table.loc[("ner", "pos")].to_dict() == {
        "α, layer 1": 0.5, "α, layer 2": 0.0, "α, all layers": 0.25, "β, layer 1": 0.5, "β, layer 2": 0.25,
    }  # fmt: skip
    assert table.index.names == ["main", "auxiliary"]


def test_subspaces_are_averaged():
    alpha = [[[0, 0, 1, -1], [0, 0, 0, 2], [0, 0, 0, 0], [8, 0, 0, 0]]]
    table = pair_sharing([sluice_results(["pos", "ner"], alpha, [[1.0], [1.0]], num_subspaces=2)])

    assert table["α, layer 1"].to_dict() == {("pos", "ner"): 1.0, ("ner", "pos"): 2.0}


def test_beta_is_that_of_models_of_two_tasks():
    alpha = [[[1.0, 0.5, 0.25], [0.5, 1.0, 0.5], [0.125, 0.5, 1.0]]]
    table = pair_sharing([sluice_results(["pos", "ner", "srl"], alpha, [[1.0]] * 3)])

    assert list(table.columns) == ["α, layer 1", "α, all layers"]
    assert len(table) == 6
    assert (table.loc[("pos", "srl"), "α, layer 1"], table.loc[("srl", "pos"), "α, layer 1"]) == (0.25, 0.125)


def test_the_overlap_of_masks_has_no_direction():
    overlap = pair_sharing([MASKS])["overlap"]

    assert len(overlap) == 6
    for first, second, ratio in MASKS["masks"]["pairs"]:
        assert overlap[first, second] == overlap[second, first] == ratio


def test_runs_of_the_same_pair_are_averaged_and_others_stand_beside_them():
    other = sluice_results(["ner", "pos"], [[[1.0, 1.0], [2.25, 1.0]]], [[1.0], [1.0]])
    table = pair_sharing([PAIR, other, MASKS])

    assert table.loc[("pos", "ner"), "α, layer 1"] == (0.25 + 2.25) / 2
    assert table.loc[("pos", "ner"), "α, layer 2"] == 0.75
    assert table.loc[("pos", "ner"), "overlap"] == 0.25
    assert math.isnan(table.loc[("pos", "srl"), "α, layer 1"])
    assert list(table.columns) == [
        "α, layer 1", "α, layer 2", "α, all layers", "β, layer 1", "β, layer 2", "overlap"
    ]  # fmt: skip


def test_layers_are_ordered_by_their_numbers():
    alpha = [[[1.0, 0.5], [0.5, 1.0]]] * 11
    columns = list(pair_sharing([sluice_results(["a", "b"], alpha, [[1.0] * 11] * 2)]).columns)

    assert columns[:12] == [*(f"α, layer {layer}" for layer in range(1, 12)), "α, all layers"]


@pytest.mark.parametrize(
    "runs",
    [
        [],
        [sluice_results(["pos"], [[[1.0]]], [[1.0]])],
        [sluice_results(["a", "b", "c"], [[[1.0]]], [[1.0]] * 3)],  # one network serves all
        [{"tasks": [{"name": "pos"}, {"name": "ner"}]}],
        [sparse_results(["pos"], [])],
    ],
)
def test_runs_that_learned_no_sharing_are_told(runs):
    with pytest.raises(UserError, match=r"^no run of two or more tasks has α and β or masks; [^\n]*$"):
        pair_sharing(runs)
