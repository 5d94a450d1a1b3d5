from __future__ import annotations

import math

import pytest

from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.training.pruning.choice import Choice


def candidates(*scores):
    """One for each score: the sparsities 1, 1/2, 1/4, …"""
    return [Candidate(n, 0.5**n, 1000 // 2**n, score, score, 0.1, 1.0) for n, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([0.5, 0.9, 0.7], 1),
        ([0.9, 0.9, 0.7], 1),
        ([0.9, 0.5, 0.9], 2),
        ([0.0, 0.0, 0.0], 2),
        ([-3.0, -1.0, -2.0], 1),
        ([-math.inf, -math.inf, -5.0], 2),
        ([0.4], 0),
    ],
)
def test_the_best_is_chosen_and_among_equals_the_sparsest(scores, expected):
    assert Choice.parse("best").of(candidates(*scores)).round == expected


@pytest.mark.parametrize(("sparsity", "expected"), [(1, 0), (0.9, 0), (0.6, 1), (0.5, 1), (0.3, 2), (0.01, 3)])
def test_the_candidate_nearest_to_a_sparsity_is_chosen(sparsity, expected):
    assert Choice.parse({"sparsity": sparsity}).of(candidates(0.1, 0.2, 0.9, 0.3)).round == expected


def test_a_round_is_chosen_by_its_number():
    assert Choice.parse({"round": 1}).of(candidates(0.9, 0.1, 0.9)).round == 1
    with pytest.raises(ValueError, match=r"^choice: there is no round 3; the last one is 2$"):
        Choice.parse({"round": 3}).of(candidates(0.9, 0.1, 0.9))


def test_tasks_have_rules_of_their_own_and_the_others_get_the_best():
    said = {"pos": {"sparsity": 0.5}, "ner": {"round": 7}, "chunk": "best"}

    assert Choice.parse(said, "pos") == Choice("sparsity", 0.5)
    assert Choice.parse(said, "ner") == Choice("round", 7)
    assert Choice.parse(said, "chunk") == Choice.parse(said, "srl") == Choice()
    assert Choice.tasks_of(said) == ["pos", "ner", "chunk"]


@pytest.mark.parametrize("said", ["best", {"sparsity": 0.5}, {"round": 7}])
def test_a_rule_for_all_tasks_names_none(said):
    assert Choice.tasks_of(said) == []
    assert Choice.parse(said, "pos") == Choice.parse(said, "ner") == Choice.parse(said)


@pytest.mark.parametrize(
    "said",
    [
        "bets", "", 0.5, None, [], {}, ["best"], {"sparsity": 0}, {"sparsity": 1.1}, {"sparsity": "half"},
        {"sparsity": math.nan}, {"sparsity": True}, {"round": -1}, {"round": 1.5}, {"round": True},
        {"sparsity": 0.5, "round": 3}, {"sparsity": 0.5, "pos": "best"}, {"pos": "bets"}, {"pos": {"pos": "best"}},
        {"pos": {"round": -1}}, {"pos": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_rule_is_refused(said):
    with pytest.raises(
        ValueError, match=r"^choice should be best, \{sparsity: 0.5\}, \{round: 7\}, or these by task, not"
    ):
        Choice.parse(said)
