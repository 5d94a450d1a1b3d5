from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.objectives.objective import weighted_sum
from hf_sluice.training.objectives.uncertainty import Uncertainty
from tests.training.objectives.toy_losses import accelerator, parameter, step_of, tasks_of


def with_log_variances(objective, *values):
    with torch.no_grad():
        for s, value in zip(objective.parameters(), values, strict=True):
            s.fill_(value)
    return objective


def test_at_first_it_is_the_fixed_objective():
    tasks = tasks_of(0.5, 1.0, 3.0)
    step = step_of(0.2, 1.5, 2.5, penalty=torch.tensor(0.7))

    assert torch.equal(Uncertainty(tasks, accelerator()).loss(step), weighted_sum(step, {"a": 0.5, "b": 1.0, "c": 3.0}))


def test_the_gradients_of_the_model_are_at_first_those_of_the_fixed_objective():
    found, expected = parameter(1.0, 2.0), parameter(1.0, 2.0)
    for kind, theta in ((Uncertainty, found), (FixedWeights, expected)):
        kind(tasks_of(0.5, 3.0), accelerator()).backward(step_of(*theta.square().unbind(), penalty=theta.sum()))

    assert torch.equal(found.grad, expected.grad)


def test_the_loss_is_that_of_the_paper():
    objective = with_log_variances(Uncertainty(tasks_of(2.0, 3.0, regression=[1]), accelerator()), 0.4, -0.6)
    sigma = [math.exp(0.4 / 2), math.exp(-0.6 / 2)]
    expected = 2 * (1.5 / sigma[0] ** 2 + math.log(sigma[0])) + 3 * (2.5 / (2 * sigma[1] ** 2) + math.log(sigma[1]))

    assert objective.loss(step_of(1.5, 2.5, penalty=torch.tensor(0.25))).item() == pytest.approx(0.25 + expected)


def test_the_gradient_of_s():
    objective = with_log_variances(Uncertainty(tasks_of(2.0, 3.0, regression=[1]), accelerator()), 0.4, -0.6)
    objective.backward(step_of(1.5, 2.5, penalty=parameter(0.0).sum()))

    assert [float(s.grad) for s in objective.parameters()] == pytest.approx(
        [2 * (0.5 - math.exp(-0.4) * 1.5), 3 * (0.5 - 0.5 * math.exp(0.6) * 2.5)]
    )


def test_s_comes_to_rest_where_the_paper_has_its_minimum():
    objective = Uncertainty(tasks_of(1.0, 5.0, regression=[1]), accelerator())
    optimizer = torch.optim.Adam(objective.parameters(), lr=0.02)
    for _ in range(600):
        optimizer.zero_grad()
        objective.backward(step_of(1.5, 2.5))
        optimizer.step()

    # σ² is twice the loss, and for regression the loss itself, the variance of the residuals; whatever λ is.
    assert objective.values()["log_variances"] == pytest.approx({"a": math.log(3.0), "b": math.log(2.5)}, abs=1e-3)
    assert objective.values()["weights"] == pytest.approx({"a": 1 / 3, "b": 5 * 0.5 / 2.5}, abs=1e-3)


def test_a_task_without_labels_teaches_nothing():
    objective, theta = Uncertainty(tasks_of(1.0, 1.0), accelerator()), parameter(1.0, 1.0)
    objective.backward(step_of(theta[0], theta[1] * 0, labelled=["a"]))
    a, b = objective.parameters()

    assert a.grad is not None
    assert b.grad is None
    assert theta.grad.tolist() == [1.0, 0.0]


def test_a_step_of_one_task_moves_its_s_alone():
    objective = Uncertainty(tasks_of(1.0, 1.0), accelerator())
    objective.backward(step_of(2.0))

    assert [s.grad is None for s in objective.parameters()] == [False, True]


def test_what_is_kept_is_enough_to_go_on():
    objective, other = (Uncertainty(tasks_of(2.0, 3.0), accelerator()) for _ in range(2))
    other.load_state_dict(with_log_variances(objective, 0.4, -0.6).state_dict())

    assert objective.values() == other.values()
    assert other.values()["log_variances"]["b"] == pytest.approx(-0.6)


def test_the_parts_of_a_batch_count_as_the_batch():
    objective = with_log_variances(Uncertainty(tasks_of(2.0, 3.0), accelerator()), 0.4, -0.6)
    whole = objective.loss(step_of(1.5, 2.5, penalty=torch.tensor(0.5)))
    parts = [
        objective.loss(replace(step_of(a, b, penalty=torch.tensor(share * 0.5)), share=share))
        for a, b, share in ((1.0, 0.25, 0.75), (0.5, 2.25, 0.25))
    ]

    assert sum(parts).item() == pytest.approx(whole.item())
