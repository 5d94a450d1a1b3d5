from __future__ import annotations

from types import SimpleNamespace
from typing import get_args

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.objectives.settings import ObjectiveName, ObjectiveSettings
from tests.training.objectives.toy_losses import accelerator, step_of, tasks_of

BY_TORCHJD = get_args(ObjectiveName)[4:]


@pytest.mark.parametrize("name", get_args(ObjectiveName))
def test_every_method_makes_gradients(name):
    if name in BY_TORCHJD:
        pytest.importorskip("torchjd")
    if name == "cagrad":
        pytest.importorskip("cvxpy")
    model = torch.nn.Linear(3, 2, bias=False)
    objective = make_objective(ObjectiveSettings(name), tasks_of(1.0, 2.0), accelerator(), model)
    objective.backward(step_of(*model(torch.tensor([1.0, 2.0, 3.0])).square().unbind()))

    assert model.weight.grad.abs().sum(1).min() > 0


def test_the_options_reach_the_method():
    losses = {"a": 1.0, "b": 3.0}, {"a": 1.0, "b": 1.0}
    found = []
    for temperature in (1.0, 5.0):
        settings = ObjectiveSettings("dwa", temperature=temperature)
        objective = make_objective(settings, tasks_of(1.0, 1.0), accelerator(), torch.nn.Linear(1, 1))
        for epoch in losses:
            objective.finish_epoch(epoch)
        found.append(objective.values()["weights"]["a"])

    assert found[0] > found[1] > 1


@pytest.mark.parametrize("name", BY_TORCHJD)
def test_gradients_of_several_processes_are_not_combined(name):
    several = SimpleNamespace(num_processes=2)
    with pytest.raises(UserError) as caught:
        make_objective(ObjectiveSettings(name), tasks_of(1.0, 1.0), several, torch.nn.Linear(1, 1))

    works = "fixed, uncertainty, dwa and famo work with several"
    assert str(caught.value) == f"training.objective: {name} works with one process, not with 2; {works}"
