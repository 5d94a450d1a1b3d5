from __future__ import annotations

import json

import pytest
import torch

from hf_sluice.analysis.architecture_comparison import ArchitectureComparison
from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.analysis.test_mixing_pair import architecture
from tests.models.tiny_sparse_sharing import tiny_sparse_model


def sparse(number=2, seed=0, **values):
    return SharingArchitecture.of_model(tiny_sparse_model(number, seed, torch.float32, **values))


def titles(comparison):
    return [table.title for table in comparison.tables()]


def test_two_of_one_kind_are_compared_in_all():
    comparison = ArchitectureComparison(architecture("x", "y"), architecture("y", "x", seed=1))

    assert titles(comparison) == [
        "Architectures", "Tasks", "α: B − A", "α: mean |B − A|, row draws from column", "β: A → B",
    ]  # fmt: skip
    assert comparison.not_compared() == []
    values = comparison.to_dict()
    assert json.loads(json.dumps(values)) == values
    assert (values["same"], values["masks"], values["common_tasks"]) == (False, None, ["x", "y"])


def test_an_architecture_is_the_same_as_itself():
    values = ArchitectureComparison(architecture("x", "y"), architecture("x", "y")).to_dict()
    assert values["same"]
    assert (values["alpha"]["all"]["largest"], values["alpha"]["all"]["correlation"]) == (0, pytest.approx(1))


def test_masks_are_compared_in_all():
    comparison = ArchitectureComparison(sparse(3), sparse(2, 1))

    assert titles(comparison)[2:] == ["Masks: overlap ratio of A's with B's, task by task", "Subnets of each"]
    assert comparison.not_compared() == ["Left out are the tasks that one of them has alone: task2."]
    assert comparison.to_dict()["alpha"] is None
    assert list(comparison.to_dict()["masks"]["tasks"]) == ["task0", "task1"]


@pytest.mark.parametrize(
    ("a", "b", "expected", "sentence"),
    [
        (
            architecture("x"), sparse(), [],
            "α and masks are not compared: A is of type sluice, B of type sparse_sharing.",
        ),
        (architecture("x"), architecture("y"), [], "α, β and masks are compared by task, and no task is in both."),
        (
            architecture("x", "y"), architecture("x", "y", num_layers=2), [],
            "α and β are not compared: A has 3 layers, B 2.",
        ),
        (
            architecture("x", "y"), architecture("x", "y", num_subspaces=4), ["β: A → B"],
            "α is not compared: A has 2 subspaces, B 4.",
        ),
        (
            sparse(), sparse(hidden_size=6), ["Subnets of each"],
            "Masks are not compared: layers.0.weight_ih is 1 × 2 × 32 × 11 in A and 1 × 2 × 24 × 11 in B.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_said_and_the_rest_is_shown(a, b, expected, sentence):
    comparison = ArchitectureComparison(a, b)

    assert comparison.not_compared()[0] == sentence
    assert titles(comparison) == ["Architectures", "Tasks", *expected]
    values = comparison.to_dict()
    assert (values["alpha"], values["masks"]) == (None, None)
    assert (values["beta"] is not None) == ("β: A → B" in expected)


def test_tasks_are_held_against_each_other():
    a, b = architecture("x", "y"), architecture("z", "y")
    table = ArchitectureComparison(a, b).tables()[1]
    assert table.rows == (
        ("x", "A", "3", "-", "-"),
        ("y", "both", "4", "4", "same"),
        ("z", "B", "-", "3", "-"),
    )
    other = ArchitectureComparison(a, architecture("y")).tables()[1]
    assert other.rows[1] == ("y", "both", "4", "3", "differ")
