"""Which task and which sentences each step of an epoch trains on.

A plan is a function of seed and epoch alone, so that a resumed run, and every process of a distributed one, knows it
without being told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hf_sluice.errors import UserError
from hf_sluice.training.passes import Passes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.training.encoded_split import EncodedSplit
    from hf_sluice.training.settings import TrainingSettings

_ORDER_OF_TASKS = 1_000_003  # keeps the draws of tasks apart from the shuffles of sentences


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One optimisation step.

    Args:
        tasks: whose losses are summed.
        sentences: the batch, over all processes.
    """

    tasks: tuple[str, ...]
    sentences: np.ndarray


class EpochPlanner(Protocol):
    """Plans epochs."""

    def epoch(self, number: int) -> list[Step]:
        """The steps of an epoch, counted from 0."""
        ...

    def num_steps(self, number: int) -> int:
        """How many they are."""
        ...


def make_planner(split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> EpochPlanner:
    """The planner that the settings ask for.

    Raises:
        UserError: ``steps_per_epoch`` is so small that a task would never be trained.
    """
    if settings.step == "joint":
        return JointPlanner(split, tasks, settings, seed)
    return PerTaskPlanner(split, tasks, settings, seed)


def total_steps(planner: EpochPlanner, settings: TrainingSettings) -> int | None:
    """The steps of all epochs, for a learning rate that depends on them; None where it does not."""
    if settings.learning_rate_schedule == "inverse_time":
        return None
    return sum(planner.num_steps(number) for number in range(settings.epochs))


class JointPlanner:
    """Every step trains all tasks; without ``steps_per_epoch``, an epoch reaches every labelled sentence exactly once.

    With it, whole passes over the sentences follow each other across epochs.
    """

    def __init__(self, split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> None:
        self._tasks = tuple(tasks)
        sentences = np.unique(np.concatenate([split.labelled_sentences(task) for task in tasks]))
        self._passes = Passes(split.words.lengths, sentences, settings, (seed, 0))
        self._steps = settings.steps_per_epoch

    def epoch(self, number: int) -> list[Step]:
        """The steps of an epoch, counted from 0."""
        steps = self._steps
        batches = self._passes.whole(number) if steps is None else self._passes.window(number * steps, steps)
        return [Step(self._tasks, batch) for batch in batches]

    def num_steps(self, number: int) -> int:
        """How many they are."""
        return self._passes.num_in(number) if self._steps is None else self._steps


class PerTaskPlanner:
    """Every step trains one task (Ruder et al. 2019, "Training and Evaluation": drawn uniformly).

    An epoch has ``steps_per_epoch`` steps, or as many as there are batches over all tasks (in their first passes). Each
    task gets its share of them (largest remainders, rather than independent draws: the same expectation, less
    variance), in random order. A task walks through its sentences in shuffled passes, whole passes following each other
    across epochs. Under ``proportional`` sampling, and under ``uniform`` sampling of tasks of equal size, an epoch
    without ``steps_per_epoch`` reaches every (sentence, task) exactly once; else small tasks are seen more often than
    that, and large ones less.
    """

    def __init__(self, split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> None:
        self._tasks = tuple(tasks)
        self._settings = settings
        self._seed = seed
        self._passes = {
            task: Passes(split.words.lengths, split.labelled_sentences(task), settings, (seed, 1 + number))
            for number, task in enumerate(tasks)
        }
        self.steps_per_task = self._share_steps()

    def epoch(self, number: int) -> list[Step]:
        """The steps of an epoch, counted from 0."""
        of_task = [self._batches(task, number) for task in self._tasks]
        order = np.repeat(np.arange(len(of_task)), list(map(len, of_task)))
        np.random.default_rng((self._seed, _ORDER_OF_TASKS, number)).shuffle(order)
        batches = list(map(iter, of_task))
        return [Step((self._tasks[task],), next(batches[task])) for task in order.tolist()]

    def _batches(self, task: str, epoch: int) -> list[np.ndarray]:
        passes, steps = self._passes[task], self.steps_per_task[task]
        return passes.whole(epoch) if self._has_whole_passes else passes.window(epoch * steps, steps)

    @property
    def _has_whole_passes(self) -> bool:
        """Whether an epoch is one pass over the sentences of each task."""
        return self._settings.sampling == "proportional" and self._settings.steps_per_epoch is None

    def num_steps(self, number: int) -> int:
        """How many they are."""
        if self._has_whole_passes:
            return sum(passes.num_in(number) for passes in self._passes.values())
        return sum(self.steps_per_task.values())

    def _share_steps(self) -> Mapping[str, int]:
        in_passes = {task: passes.num_batches for task, passes in self._passes.items()}
        if self._has_whole_passes:
            return in_passes
        fixed = self._settings.steps_per_epoch
        shares = self._shares(sum(in_passes.values()) if fixed is None else fixed)
        if fixed is not None:
            for task, number in shares.items():
                if in_passes[task] and not number:
                    raise UserError(f"training.steps_per_epoch: of {fixed} steps none would train task {task!r}")
        return shares

    def _shares(self, total: int) -> dict[str, int]:
        """Steps of each task, by largest remainders."""
        power = {"uniform": 0.0, "proportional": 1.0, "temperature": 1 / self._settings.temperature}
        sizes = np.array([len(self._passes[task].sentences) for task in self._tasks], dtype=np.float64)
        # Relative to the largest: no temperature, however low, overflows.
        weights = np.where(sizes > 0, (sizes / sizes.max()) ** power[self._settings.sampling], 0.0)
        exact = total * weights / weights.sum()
        steps = np.floor(exact).astype(int)
        largest = np.argsort(-(exact - steps), kind="stable")[: total - steps.sum()]
        steps[largest] += 1
        return dict(zip(self._tasks, steps.tolist(), strict=True))
