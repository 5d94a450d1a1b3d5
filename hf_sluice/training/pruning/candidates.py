"""The candidates that a search comes by: a subnet after each round, with its development score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subnet.

    Args:
        round: prunings that it is the result of; 0 for the whole network.
        sparsity: the share of masked weights that remain.
        weights: how many these are.
        score: its development score after the round's training, larger being better.
        value: the same as the task's metric gives it.
        loss: mean training loss of its last epoch.
        seconds: wall time of its training and evaluation.
    """

    round: int
    sparsity: float
    weights: int
    score: float
    value: float | None
    loss: float
    seconds: float
