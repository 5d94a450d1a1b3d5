"""The sizes at which steps are timed: one after the other is changed; others, all at once, are held out of the fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from interleaved_timing import time_interleaved
from step_costs import count_costs
from synthetic_training import StepSizes, SyntheticTraining

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from interleaved_timing import Spread
    from step_costs import StepCosts

AXES = {"tasks": "M", "layers": "K", "hidden": "H", "sentences": "B", "words": "T"}

_VALUES = {
    "cpu": {"tasks": (1, 2, 4, 8), "layers": (1, 2, 3, 5), "hidden": (50, 100, 200, 300),
            "sentences": (8, 16, 32, 64, 128), "words": (5, 10, 20, 40, 80)},
    "cuda": {"tasks": (1, 2, 4, 8, 16), "layers": (1, 2, 3, 5, 8), "hidden": (50, 100, 200, 400),
             "sentences": (32, 64, 128, 256, 512), "words": (10, 20, 40, 80, 160)},
}  # fmt: skip
_BASE = {"cpu": StepSizes(), "cuda": StepSizes(tasks=4, sentences=128, words=40)}
_HELD_OUT = {
    "cpu": (StepSizes(4, 2, 150, 16, 30), StepSizes(1, 3, 200, 24, 12), StepSizes(8, 1, 64, 32, 16),
            StepSizes(3, 4, 100, 48, 25), StepSizes(2, 2, 128, 64, 10), StepSizes(6, 3, 50, 8, 40)),
    "cuda": (StepSizes(8, 2, 150, 64, 30), StepSizes(1, 3, 200, 256, 12), StepSizes(16, 1, 64, 128, 16),
             StepSizes(3, 4, 100, 48, 100), StepSizes(2, 2, 300, 512, 20), StepSizes(6, 3, 50, 32, 40)),
}  # fmt: skip
_HELD_OUT_IF_QUICK = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One step.

    Args:
        sizes: of model and batch.
        costs: counted.
        seconds: measured.
    """

    sizes: StepSizes
    costs: StepCosts
    seconds: Spread


def base_sizes(device: torch.device) -> StepSizes:
    """The sizes of which one at a time is changed."""
    return _BASE[device.type]


def sizes_along(axis: str, device: torch.device, *, quick: bool) -> list[StepSizes]:
    """The base with different values of one size; the smallest, its own and the largest where time is short."""
    base, values = _BASE[device.type], _VALUES[device.type][axis]
    chosen = (values[0], getattr(base, axis), values[-1]) if quick else values
    return [replace(base, **{axis: value}) for value in chosen]


def fitted_sizes(device: torch.device, *, quick: bool) -> list[StepSizes]:
    """All that the fit sees, each once."""
    along = [sizes for axis in AXES for sizes in sizes_along(axis, device, quick=quick)]
    return list(dict.fromkeys(along))


def held_out_sizes(device: torch.device, *, quick: bool) -> list[StepSizes]:
    """What the fit is tried on."""
    return list(_HELD_OUT[device.type][: _HELD_OUT_IF_QUICK if quick else None])


def measure_points(sizes: Sequence[StepSizes], device: torch.device, rounds: int, clock: str) -> list[Point]:
    """Times steps of all sizes, in turns, by ``wall`` or ``cpu`` time."""
    trainings = {str(number): SyntheticTraining(of, device) for number, of in enumerate(sizes)}
    timings = time_interleaved({name: training.train for name, training in trainings.items()}, rounds)
    return [
        Point(of, count_costs(of, trainings[name]), timings[name].spread(clock))
        for of, name in zip(sizes, trainings, strict=True)
    ]
