from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.training.objectives.famo import FastAdaptiveWeights
from tests.training.objectives.toy_losses import accelerator, parameter, step_of, tasks_of

TARGETS = np.array([[2.0, 0.5], [-1.0, 1.0], [0.3, -2.0]])
SCALES = np.array([1.0, 10.0, 0.1])
START = (0.8, 0.4)


def losses_at(theta):
    """Three quadratic losses of very different size that cannot all be small."""
    return torch.as_tensor(SCALES, dtype=theta.dtype) * (
        theta - torch.as_tensor(TARGETS, dtype=theta.dtype)
    ).square().sum(1)


def objective_of(*weights, learning_rate=0.025, decay=0.001):
    return FastAdaptiveWeights(tasks_of(*weights), accelerator(), learning_rate, decay)


def train(objective, theta, steps, rate=0.05):
    optimizer = torch.optim.SGD([theta], lr=rate)
    for _ in range(steps):
        optimizer.zero_grad()
        objective.backward(step_of(*losses_at(theta).unbind()))
        optimizer.step()
        with torch.no_grad():
            again = dict(zip("abc", losses_at(theta).unbind(), strict=True))
        objective.after_step(lambda again=again: again)
    return theta


class PapersAlgorithm:
    """Algorithm 1 in numpy: the Jacobian of softmax written out, and Adam by hand (Kingma & Ba 2015)."""

    def __init__(self, beta=0.025, gamma=0.001, lambdas=(1.0, 1.0, 1.0)):
        self.xi, self.first, self.second, self.time = np.zeros(3), np.zeros(3), np.zeros(3), 0
        self.beta, self.gamma, self.lambdas = beta, gamma, np.array(lambdas)

    def z(self):
        e = self.lambdas * np.exp(self.xi)
        return e / e.sum()

    def run(self, theta, steps, rate=0.05):
        for _ in range(steps):
            z, before = self.z(), self.losses(theta)
            c = 1 / (z / before).sum()
            gradients = 2 * SCALES[:, None] * (theta - TARGETS)
            theta = theta - rate * ((c * z / before)[:, None] * gradients).sum(0)
            jacobian = np.diag(z) - np.outer(z, z)
            delta = jacobian.T @ (np.log(before) - np.log(self.losses(theta)))
            self.adam(delta + self.gamma * self.xi)
        return theta

    def adam(self, gradient):
        self.time += 1
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.999 * self.second + 0.001 * gradient**2
        first, second = self.first / (1 - 0.9**self.time), self.second / (1 - 0.999**self.time)
        self.xi = self.xi - self.beta * first / (np.sqrt(second) + 1e-8)

    @staticmethod
    def losses(theta):
        return SCALES * ((theta - TARGETS) ** 2).sum(1)


@pytest.mark.parametrize("lambdas", [(1.0, 1.0, 1.0), (0.5, 2.0, 3.0)])
def test_it_is_the_papers_algorithm(lambdas):
    objective, paper = objective_of(*lambdas), PapersAlgorithm(lambdas=lambdas)
    found, expected = train(objective, parameter(*START), 40), paper.run(np.array(START), 40)

    assert found.tolist() == pytest.approx(expected.tolist(), abs=1e-4)
    assert list(objective.values()["weights"].values()) == pytest.approx(paper.z().tolist(), abs=1e-4)


def test_it_is_what_torchjd_does():
    scalarization = pytest.importorskip("torchjd.scalarization")
    objective, theta, other = objective_of(1.0, 1.0, 1.0), parameter(*START), parameter(*START)
    train(objective, theta, 25)
    theirs, optimizer = scalarization.FAMO(3), torch.optim.SGD([other], lr=0.05)
    for _ in range(25):
        optimizer.zero_grad()
        theirs(losses_at(other)).backward()
        optimizer.step()
        theirs.update(losses_at(other))

    torch.testing.assert_close(theta, other)


def test_a_loss_that_falls_faster_than_the_others_loses_weight():
    objective = objective_of(1.0, 1.0, 1.0)
    objective.backward(step_of(1.0, 1.0, 1.0, penalty=parameter(0.0).sum()))
    objective.after_step(lambda: step_of(0.5, 0.9, 0.99).losses)
    weights = objective.values()["weights"]

    assert weights["a"] < weights["c"]
    assert sum(weights.values()) == pytest.approx(1)


def test_at_first_the_weights_are_lambda():
    assert objective_of(1.0, 2.0, 5.0).values()["weights"] == pytest.approx({"a": 0.125, "b": 0.25, "c": 0.625})


def test_the_gradient_is_a_convex_combination_of_the_tasks():
    objective, theta = objective_of(1.0, 1.0), parameter(0.5, 2.0)
    objective.backward(step_of(*theta.unbind(), penalty=10 * theta.sum()))

    assert theta.grad.tolist() == pytest.approx([10 + 0.8, 10 + 0.2])  # in proportion to 1/L


def test_tasks_without_labels_stay_out_of_it():
    objective, two, theta = objective_of(1.0, 1.0, 1.0), objective_of(1.0, 1.0), parameter(0.5, 2.0, 0.0)
    objective.backward(step_of(*theta.unbind(), labelled=["a", "b"]))
    two.backward(step_of(*theta.detach().requires_grad_()[:2].unbind()))
    for one in (objective, two):
        one.after_step(lambda: step_of(0.4, 1.9, 0.0).losses)
    weights, expected = objective.values()["weights"], two.values()["weights"]

    assert theta.grad.tolist() == pytest.approx([0.8, 0.2, 0.0])
    assert weights["a"] / weights["b"] == pytest.approx(expected["a"] / expected["b"])
    assert weights["c"] == pytest.approx(1 / 3, rel=1e-2)


def test_what_is_kept_is_enough_to_go_on():
    whole, theta = objective_of(1.0, 2.0, 3.0), parameter(*START)
    train(whole, theta, 30)
    first, resumed, other = objective_of(1.0, 2.0, 3.0), objective_of(1.0, 2.0, 3.0), parameter(*START)
    train(first, other, 17)
    resumed.load_state_dict(first.state_dict())
    train(resumed, other, 13)

    assert torch.equal(theta, other)
    assert whole.values() == resumed.values()
