"""Timing of things that are to be compared, on a machine that may be busy with other work.

The cases take turns (A B A B …), every other round in reversed order, so that whatever slows the machine down slows all
of them. They are compared round by round; medians and quartiles of the rounds are reported.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from hf_sluice.freed_memory import keep_freed_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WARM_UP_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles of repeated measurements."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """The spread of some measurements."""
        low, median, high = np.percentile(values, (25, 50, 75))
        return cls(float(median), float(low), float(high))

    def text(self, pattern: str) -> str:
        """``median (low–high)``, each written by a format pattern."""
        return f"{self.median:{pattern}} ({self.low:{pattern}}–{self.high:{pattern}})"


@dataclass(frozen=True, slots=True, eq=False)
class Timings:
    """Seconds of one case, round by round.

    Args:
        wall: time that passed, (rounds,).
        cpu: time that the process computed, on all its threads, (rounds,). Other work on the machine moves it less.
    """

    wall: np.ndarray
    cpu: np.ndarray

    def spread(self, clock: str = "wall") -> Spread:
        """Seconds of a round, by ``wall`` or ``cpu`` time."""
        return Spread.of(getattr(self, clock))

    def per(self, amount: float) -> Timings:
        """Seconds per unit, where each round does ``amount`` of them."""
        return Timings(self.wall / amount, self.cpu / amount)

    def ratio(self, other: Timings, clock: str = "wall") -> Spread:
        """How many times as long as ``other`` this takes, by ``wall`` or ``cpu`` time."""
        return Spread.of(getattr(self, clock) / getattr(other, clock))

    def rate(self, amount: float, clock: str = "wall") -> Spread:
        """Units per second of ``wall`` or ``cpu`` time, where each round does ``amount`` of them."""
        return Spread.of(amount / getattr(self, clock))


def time_interleaved(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timings]:
    """Runs every case once a round, after rounds to warm up that are not counted.

    What the process frees stays with it, as in every command of the package.
    """
    keep_freed_memory()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    names = list(cases)
    for number in range(_WARM_UP_ROUNDS + rounds):
        for name in names if number % 2 else reversed(names):
            taken[name].append(_seconds(cases[name]))
    columns = {name: np.array(rows[_WARM_UP_ROUNDS:]).T for name, rows in taken.items()}
    return {name: Timings(wall, cpu) for name, (wall, cpu) in columns.items()}


def _seconds(case: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    case()
    return time.perf_counter() - wall, time.process_time() - cpu
