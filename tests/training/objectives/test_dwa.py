from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training.objectives.dwa import DynamicWeightAverage
from tests.training.objectives.toy_losses import accelerator, parameter, step_of, tasks_of


def after(*epochs, weights=(1.0, 1.0, 1.0), temperature=2.0):
    """The objective after epochs of which the mean losses are given."""
    objective = DynamicWeightAverage(tasks_of(*weights), accelerator(), temperature)
    for losses in epochs:
        objective.finish_epoch({**dict(zip("abc", losses, strict=True)), "penalty": 3.0})
    return objective


def weights_of(objective):
    return list(objective.values()["weights"].values())


def test_the_weights_are_those_of_the_papers_formula():
    found = weights_of(after((9.0, 9.0, 9.0), (4.0, 2.0, 1.0), (3.0, 2.0, 0.25)))
    e = [math.exp(rate / 2.0) for rate in (3 / 4, 2 / 2, 0.25 / 1)]

    assert found == pytest.approx([3 * value / sum(e) for value in e])


@pytest.mark.parametrize("epochs", [[], [(4.0, 2.0, 1.0)]])
def test_the_first_two_epochs_are_unweighted(epochs):
    assert weights_of(after(*epochs)) == pytest.approx([1, 1, 1])


losses = st.tuples(*[st.floats(1e-3, 100)] * 3)


@given(losses, losses, st.floats(0.5, 10))
def test_the_weights_sum_to_the_number_of_tasks(first, second, temperature):
    assert sum(weights_of(after(first, second, temperature=temperature))) == pytest.approx(3)


def test_lambda_multiplies_the_weights():
    epochs = (4.0, 2.0, 1.0), (3.0, 2.0, 0.25)
    plain, weighted = weights_of(after(*epochs)), weights_of(after(*epochs, weights=(0.5, 1.0, 4.0)))

    assert weighted == pytest.approx([0.5 * plain[0], plain[1], 4 * plain[2]])


def test_the_gradient_is_the_weighted_one():
    objective, theta = after((4.0, 2.0, 1.0), (3.0, 2.0, 0.25)), parameter(1.0, 1.0, 1.0)
    objective.backward(step_of(*(theta * torch.tensor([1.0, 2.0, 3.0])).unbind(), penalty=theta.sum()))

    a, b, c = weights_of(objective)
    assert theta.grad.tolist() == pytest.approx([1 + a, 1 + 2 * b, 1 + 3 * c])


def test_a_task_that_was_not_trained_in_an_epoch_keeps_its_rate():
    objective = after((4.0, 2.0, 1.0), (3.0, 2.0, 0.25))
    before = weights_of(objective)
    objective.finish_epoch({"penalty": 1.0})

    assert weights_of(objective) == before
    objective.finish_epoch({"a": 1.5})
    assert weights_of(objective)[0] < before[0]


def test_a_loss_of_zero_divides_nothing():
    assert weights_of(after((0.0, 1.0, 1.0), (0.0, 1.0, 1.0))) == pytest.approx([1, 1, 1])


def test_what_is_kept_is_enough_to_go_on():
    objective, other = after((4.0, 2.0, 1.0), (3.0, 2.0, 0.25)), after()
    other.load_state_dict(objective.state_dict())
    for one in (objective, other):
        one.finish_epoch({"a": 2.0, "b": 1.0, "c": 0.2})

    assert objective.values() == other.values()
