"""What a training step of a sluice network has to do, counted: operations, bytes, launches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from synthetic_training import CHARACTERS, LABELS
from torch.utils._python_dispatch import TorchDispatchMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from synthetic_training import StepSizes, SyntheticTraining

_MULTIPLY_AND_ADD = 2
_PASSES = 3  # forward; backward to the input and to the weights
_GATES, _DIRECTIONS = 4, 2
_BYTES = 4
# A parameter is read forward and backward, its gradient written, read for the norm and scaled, and both are read and
# one written by the optimiser; what is computed is written, read by what follows and by the backward pass, and
# its gradient written and read.
_TIMES_PARAMETERS, _TIMES_ACTIVATIONS = 9, 5


@dataclass(frozen=True, slots=True)
class StepCosts:
    """Amounts of one step.

    Args:
        operations: multiplications and additions of all products of matrices.
        bytes: that go to and from memory, if no cache held anything from one operator to the next.
        launches: operators of the framework that are called, and time steps of recurrences, of which each has to wait
            for the one before.
    """

    operations: float
    bytes: float
    launches: float

    def row(self) -> np.ndarray:
        """All three."""
        return np.array([self.operations, self.bytes, self.launches])


def count_costs(sizes: StepSizes, training: SyntheticTraining) -> StepCosts:
    """Counts a step of some sizes; one is made for it."""
    parameters = sum(parameter.numel() for parameter in training.model.parameters())
    forward, activations = _forward(sizes, training)
    return StepCosts(
        operations=_PASSES * _MULTIPLY_AND_ADD * forward,
        bytes=_BYTES * (_TIMES_PARAMETERS * parameters + _TIMES_ACTIVATIONS * activations),
        launches=_operators(training.train) + _recurrent_steps(sizes, training),
    )


def _forward(sizes: StepSizes, training: SyntheticTraining) -> tuple[float, float]:
    """Multiplications of a forward pass, and numbers that it computes and keeps."""
    config = training.config
    tokens, hidden, networks = sizes.tokens, sizes.hidden, sizes.tasks
    forms = len(np.unique(training.split.words.form_ids))
    width = config.word_embedding_size + 2 * config.char_hidden_size
    multiplied = float(forms * CHARACTERS * _recurrence(config.char_embedding_size, config.char_hidden_size))
    kept = float(forms * CHARACTERS * _states(config.char_hidden_size) + tokens * width)
    for layer in range(sizes.layers):
        wide = width if layer == 0 else 2 * hidden
        multiplied += networks * tokens * _recurrence(wide, hidden)
        kept += networks * tokens * _states(hidden)
        # α: every part of every network's state draws from all of them.
        multiplied += tokens * (networks * config.num_subspaces) ** 2 * 2 * hidden / config.num_subspaces
        kept += networks * tokens * 2 * hidden
    head = 2 * hidden * config.head_hidden_size + config.head_hidden_size * LABELS
    multiplied += networks * tokens * (sizes.layers * 2 * hidden + head)  # β, then the head
    kept += networks * tokens * (2 * hidden + config.head_hidden_size + LABELS)
    return multiplied, kept


def _recurrence(width: int, hidden: int) -> int:
    """Multiplications of a word in a layer of one network."""
    return _DIRECTIONS * _GATES * hidden * (width + hidden)


def _states(hidden: int) -> int:
    """Gates, cell, its tanh and output of both directions, and both of them reversed."""
    return _DIRECTIONS * (_GATES + 4) * hidden


def _recurrent_steps(sizes: StepSizes, training: SyntheticTraining) -> int:
    """Time steps, forward and backward; a launch for all networks and directions makes all of theirs at once."""
    used = {getattr(layer, "used_backend", None) for layer in training.model.modules()}
    at_once = "triton" in used
    of_words = sizes.layers * sizes.words * (1 if at_once else _DIRECTIONS * sizes.tasks)
    return 2 * (of_words + CHARACTERS * _DIRECTIONS)


def _operators(step: Callable[[], None]) -> int:
    """Operators of the framework in a step."""
    counter = _Counter()
    with counter:
        step()
    return counter.number


class _Counter(TorchDispatchMode):
    """Counts operators that compute; views of tensors are none."""

    number = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        self.number += not func.is_view
        return func(*args, **(kwargs or {}))
