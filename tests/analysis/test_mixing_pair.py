from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.analysis.mixing_pair import MixingPair
from hf_sluice.models.extraction import extract_tasks
from hf_sluice.models.sharing_architecture import SharingArchitecture
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model


def architecture(*names, seed=0, **values):
    model = tiny_model(len(names), seed, torch.float32, **values)
    for task, name in zip(model.config.tasks, names, strict=True):
        task["name"] = name
    return SharingArchitecture.of_model(model)


def pair(a, b):
    common = [task for task in a.task_names if task in b.task_names]
    return MixingPair.of(a, b, common)


def test_networks_are_matched_by_the_names_of_their_tasks():
    a, b = architecture("x", "y", "z"), architecture("z", "w", "x", seed=1)
    found = pair(a, b).alpha()

    assert found.networks == ("x", "z")
    assert np.array_equal(found.alpha_a[:, :2, 2:], a.mixing.alpha[:, :2, 4:])
    assert np.array_equal(found.alpha_b[:, :2, 2:], b.mixing.alpha[:, 4:, :2])
    assert found.difference[1, 0, 3] == pytest.approx(b.mixing.alpha[1, 4, 1] - a.mixing.alpha[1, 0, 5])


def test_an_architecture_does_not_differ_from_itself_in_another_order():
    model = tiny_model(3, dtype=torch.float32)
    a, b = (
        SharingArchitecture.of_model(extract_tasks(model, names))
        for names in (["task0", "task1", "task2"], ["task2", "task0", "task1"])
    )

    found = pair(a, b)
    assert not found.alpha().difference.any()
    assert found.beta_values()["all"]["largest"] == 0


def test_beta_is_matched_by_task():
    a, b = architecture("x", "y"), architecture("y", "z", seed=1)
    values = pair(a, b).beta_values()

    assert values["tasks"] == {"y": {"a": a.mixing.beta[1].tolist(), "b": b.mixing.beta[0].tolist()}}
    (row,) = pair(a, b).beta_table().rows
    assert row[:2] == ("y", f"{a.mixing.beta[1, 0]:.2f} → {b.mixing.beta[0, 0]:.2f}")
    assert row[-1] == f"{np.abs(a.mixing.beta[1] - b.mixing.beta[0]).max():.3f}"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"num_layers": 2}, "A has 3 layers, B 2"),
        ({"num_subspaces": 4}, "A has 2 subspaces, B 4"),
        ({"sharing": "hard_sharing"}, "tasks that read one network in one of them read several in the other"),
        ({"sharing": "cross_stitch"}, None),
    ],
)
def test_alpha_of_another_shape_is_not_compared(values, reason):
    a, b = architecture("x", "y"), architecture("x", "y", **values)

    assert pair(a, b).why_not_alpha() == reason
    assert (pair(a, b).alpha() is None) == (reason is not None)
    assert (pair(b, a).alpha() is None) == (reason is not None)


def test_networks_of_several_tasks_can_be_compared_too():
    a, b = (architecture("x", "y", sharing="hard_sharing", seed=seed) for seed in (0, 1))
    assert pair(a, b).alpha().networks == ("x, y",)


def test_there_is_none_without_common_tasks_or_of_masks():
    assert pair(architecture("x"), architecture("y")) is None
    assert MixingPair.of(architecture("x"), SharingArchitecture.of_model(tiny_sparse_model(1)), ["x"]) is None
