"""Where the time of a training step goes: the trainer's own pieces, each under a stopwatch."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
from interleaved_timing import Spread

from hf_sluice.training.encoded_split import EncodedSplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from hf_sluice.training.sampling import Step
    from hf_sluice.training.trainer import MultiTaskTrainer

FORWARD, BACKWARD = "forward", "backward"
PLAN, BATCH, COUNT = "epoch plan, per step", "cutting the batch", "counting its labels"
CLIP, OPTIMISER, REST = "gradient clipping", "optimiser", "seed, learning rate, sums of losses, rest"
MODEL = (FORWARD, BACKWARD)
DATA = (PLAN, BATCH, COUNT)
PARTS = (*MODEL, *DATA, CLIP, OPTIMISER, REST)


class StepParts:
    """Seconds that the parts of a step take, step by step.

    Args:
        trainer: whose steps to time; it is left as it was after :meth:`measure`.
    """

    def __init__(self, trainer: MultiTaskTrainer) -> None:
        self._trainer = trainer
        self._seconds: dict[str, float] = {}

    def measure(self, steps: list[Step], rounds: int) -> dict[str, Spread]:
        """Each part's share of a step, and under the empty name the seconds of a step; a round runs all ``steps``."""
        plan = self._seconds_of_plan(rounds)
        with self._stopwatches():
            self._round(steps)  # warms up
            rows = [{**self._round(steps), PLAN: plan * len(steps)} for _ in range(rounds)]
        totals = np.array([row[""] + row[PLAN] for row in rows])
        shares = {part: Spread.of(np.array([row[part] for row in rows]) / totals) for part in PARTS}
        return {**shares, "": Spread.of(totals / len(steps))}

    def _round(self, steps: list[Step]) -> dict[str, float]:
        self._seconds = dict.fromkeys((*PARTS, ""), 0.0)
        for step in steps:
            started = time.perf_counter()
            self._trainer._train_step(step)  # noqa: SLF001  the trainer's own step is what is timed
            self._seconds[""] += time.perf_counter() - started
        self._seconds[REST] = self._seconds[""] - sum(self._seconds[part] for part in PARTS if part != REST)
        return self._seconds

    def _seconds_of_plan(self, rounds: int) -> float:
        """Median seconds that planning an epoch takes per step of the epoch."""
        taken = []
        for epoch in range(rounds):
            started = time.perf_counter()
            steps = self._trainer.planner.epoch(epoch)
            taken.append((time.perf_counter() - started) / len(steps))
        return float(np.median(taken))

    def _stopwatches(self) -> ExitStack:
        trainer = self._trainer
        optimizer = trainer._optimizer  # noqa: SLF001
        watched: tuple[tuple[Any, str, str], ...] = (
            (trainer.model, "forward", FORWARD),
            (trainer.accelerator, "backward", BACKWARD),
            (EncodedSplit, "batch", BATCH),
            (EncodedSplit, "num_labelled", COUNT),
            (trainer.accelerator, "clip_grad_norm_", CLIP),
            (optimizer, "step", OPTIMISER),
            (optimizer, "zero_grad", OPTIMISER),
        )
        stack = ExitStack()
        for owner, name, part in watched:
            stack.enter_context(patch.object(owner, name, self._timed(getattr(owner, name), part)))
        return stack

    def _timed(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            result = function(*args, **kwargs)
            self._seconds[part] += time.perf_counter() - started
            return result

        return timed
