"""Shapes of recurrent layers, and what the equations make of them in double precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch

from hf_sluice.models.lstm_weights import LstmWeights
from hf_sluice.models.time_reversal import TimeReversal


@dataclass(frozen=True)
class Case:
    """A layer of N networks and a batch for it; all networks read one input, or each its own."""

    networks: int
    width: int
    hidden: int
    lengths: tuple[int, ...]
    steps: int
    own_input: bool = False
    chosen: tuple[int, ...] | None = None

    @property
    def order(self):
        return tuple(range(self.networks)) if self.chosen is None else self.chosen


CASES = {
    "one of all": Case(1, 1, 1, (1,), 1),
    "one word each": Case(2, 3, 4, (1, 1, 1), 1),
    "one sentence": Case(2, 3, 5, (4,), 4),
    "ragged, odd": Case(2, 5, 7, (3, 1, 2), 3),
    "ragged, own inputs": Case(3, 4, 6, (1, 3), 3, own_input=True),
    "some networks, turned round": Case(3, 4, 5, (2, 3), 3, own_input=True, chosen=(2, 0)),
    "some networks, one input": Case(3, 4, 5, (2, 3), 3, chosen=(1,)),
    "empty sentences": Case(1, 3, 16, (2, 0, 3, 0), 3),
    "padding beyond all": Case(1, 3, 17, (2, 1), 4),
    "more than a tile": Case(1, 2, 3, (2, 1) * 8 + (2,), 2),
    "more than a block": Case(1, 3, 33, (2, 1), 2),
}

# Of the largest number of a tensor. float32: some hundred roundings of 6e-8; bfloat16: of 4e-3, of which Triton's
# interpreter makes twice as much, since it cuts off where processors round.
TOLERANCES = {torch.float64: 1e-13, torch.float32: 3e-6, torch.bfloat16: 0.05}


class Problem(NamedTuple):
    """Numbers for a case; at padding the inputs are large, and the gradients of the outputs 0."""

    inputs: list[torch.Tensor]
    weights: LstmWeights
    gradient: torch.Tensor  # (N, T, B, 2H), of what is chosen

    @property
    def leaves(self):
        names = [*(f"input {number}" for number in range(len(self.inputs))), *self.weights._fields]
        return dict(zip(names, [*self.inputs, *self.weights], strict=True))


def problem_of(case, dtype):
    random = torch.Generator().manual_seed(0)
    batch, hidden = len(case.lengths), case.hidden

    def draw(*shape):
        return torch.randn(shape, generator=random, dtype=torch.float64).to(dtype)

    at_words = is_word(case)
    inputs = [
        draw(case.steps, batch, case.width).masked_fill(~at_words, 100.0)
        for _ in range(len(case.order) if case.own_input else 1)
    ]
    weights = [draw(case.networks, 2, 4 * hidden, *more) * 0.5 for more in ((case.width,), (hidden,), ())]
    gradient = draw(len(case.order), case.steps, batch, 2 * hidden) * at_words
    return Problem([x.requires_grad_() for x in inputs], LstmWeights(*(w.requires_grad_() for w in weights)), gradient)


def is_word(case):
    """(T, B, 1), true where there is a word."""
    return (torch.arange(case.steps)[:, None] < torch.tensor(case.lengths))[..., None]


def in_double_precision(problem):
    return Problem(
        [x.detach().double().requires_grad_() for x in problem.inputs],
        LstmWeights(*(w.detach().double().requires_grad_() for w in problem.weights)),
        problem.gradient.double(),
    )


def by_equations(case, problem):
    """Outputs (N, T, B, 2H), word by word; 0 at padding."""
    outputs = [[[None] * len(case.lengths) for _ in range(case.steps)] for _ in case.order]
    for position, network in enumerate(case.order):
        x_TBD = problem.inputs[position if case.own_input else 0]
        for row, length in enumerate(case.lengths):
            forward = direction(x_TBD[:length, row], *(w[network, 0] for w in problem.weights))
            backward = direction(x_TBD[:length, row].flip(0), *(w[network, 1] for w in problem.weights))[::-1]
            nothing = torch.zeros(2 * case.hidden, dtype=torch.float64)
            for step in range(case.steps):
                is_there = step < length
                outputs[position][step][row] = torch.cat((forward[step], backward[step])) if is_there else nothing
    return torch.stack([torch.stack([torch.stack(of_step) for of_step in of_network]) for of_network in outputs])


def direction(x_TD, weight_ih, weight_hh, bias):
    """The equations of Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000)."""
    h = c = torch.zeros(weight_hh.shape[-1], dtype=torch.float64)
    states = []
    for x in x_TD:
        i, f, g, o = (weight_ih @ x + weight_hh @ h + bias).chunk(4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        states.append(h)
    return states


def differences(backend, case, dtype):
    """How far outputs at words and all gradients of a backend are from the equations, by name."""
    problem = problem_of(case, dtype)
    exact = in_double_precision(problem)
    reversal = TimeReversal(torch.tensor(case.lengths), case.steps)
    got = torch.stack(backend(problem.inputs, reversal, problem.weights, case.order))
    assert got.dtype == dtype
    expected = by_equations(case, exact)
    found = {"outputs": relative((got * is_word(case)).detach(), expected.detach())}
    gradients = torch.autograd.grad(got, list(problem.leaves.values()), problem.gradient)
    right = torch.autograd.grad(expected, list(exact.leaves.values()), exact.gradient)
    for name, gradient, of_equations in zip(problem.leaves, gradients, right, strict=True):
        found[name] = relative(gradient, of_equations)
    return found


def relative(got, expected):
    """The largest difference, relative to the largest number, where that is not 0."""
    scale = float(expected.abs().max()) or 1.0
    return float((got.double() - expected).abs().max()) / scale
