"""Which task and which sentences each step of an epoch trains on.

A plan is a function of seed and epoch alone, so that a resumed run, and every process of a distributed one, knows it
without being told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from hf_sluice.training.batches import bucketed_batches

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


def make_planner(split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> EpochPlanner:
    """The planner that the settings ask for."""
    if settings.step == "joint":
        return JointPlanner(split, tasks, settings, seed)
    return PerTaskPlanner(split, tasks, settings, seed)


class JointPlanner:
    """Every step trains all tasks; an epoch reaches every sentence that has a label exactly once."""

    def __init__(self, split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> None:
        self._tasks = tuple(tasks)
        self._lengths = split.words.lengths
        self._sentences = np.unique(np.concatenate([split.labelled_sentences(task) for task in tasks]))
        self._settings = settings
        self._seed = seed

    def epoch(self, number: int) -> list[Step]:
        """The steps of an epoch, counted from 0."""
        batches = bucketed_batches(
            self._lengths,
            self._sentences,
            self._settings.batch_size,
            self._settings.bucket_size,
            (self._seed, 0, number),
        )
        return [Step(self._tasks, batch) for batch in batches]


class PerTaskPlanner:
    """Every step trains one task (Ruder et al. 2019, "Training and Evaluation": drawn uniformly).

    An epoch has as many steps as there are batches over all tasks. Each task gets its share of them (largest
    remainders, rather than independent draws: the same expectation, less variance), in random order. A task walks
    through its sentences in shuffled passes, whole passes following each other across epochs. Under ``proportional``
    sampling, and under ``uniform`` sampling of tasks of equal size, an epoch reaches every (sentence, task) exactly
    once; else small tasks are seen more often than that, and large ones less.
    """

    def __init__(self, split: EncodedSplit, tasks: Sequence[str], settings: TrainingSettings, seed: int) -> None:
        self._tasks = tuple(tasks)
        self._lengths = split.words.lengths
        self._sentences = {task: split.labelled_sentences(task) for task in tasks}
        self._settings = settings
        self._seed = seed
        self._num_batches = {
            task: -(-len(sentences) // settings.batch_size) for task, sentences in self._sentences.items()
        }
        self.steps_per_task = self._share_steps()

    def epoch(self, number: int) -> list[Step]:
        """The steps of an epoch, counted from 0."""
        batches = {task: iter(self._batches(task, number)) for task in self._tasks}
        order = np.repeat(np.arange(len(self._tasks)), [self.steps_per_task[task] for task in self._tasks])
        np.random.default_rng((self._seed, _ORDER_OF_TASKS, number)).shuffle(order)
        return [Step((self._tasks[task],), next(batches[self._tasks[task]])) for task in order]

    def _share_steps(self) -> Mapping[str, int]:
        total = sum(self._num_batches.values())
        if self._settings.sampling == "proportional":
            return self._num_batches
        power = 0.0 if self._settings.sampling == "uniform" else 1 / self._settings.temperature
        sizes = np.array([len(self._sentences[task]) for task in self._tasks], dtype=np.float64)
        # Relative to the largest: no temperature, however low, overflows.
        weights = np.where(sizes > 0, (sizes / sizes.max()) ** power, 0.0)
        exact = total * weights / weights.sum()
        steps = np.floor(exact).astype(int)
        largest = np.argsort(-(exact - steps), kind="stable")[: total - steps.sum()]
        steps[largest] += 1
        return dict(zip(self._tasks, steps.tolist(), strict=True))

    def _batches(self, task: str, epoch: int) -> list[np.ndarray]:
        """The batches of a task in an epoch: a window over its endless sequence of shuffled passes."""
        steps, in_pass = self.steps_per_task[task], self._num_batches[task]
        start = epoch * steps
        batches: list[np.ndarray] = []
        for number in range(start // in_pass, -(-(start + steps) // in_pass)) if steps else ():
            batches.extend(self._pass(task, number))
        offset = start % in_pass if steps else 0
        return batches[offset : offset + steps]

    def _pass(self, task: str, number: int) -> list[np.ndarray]:
        seed = (self._seed, 1 + self._tasks.index(task), number)
        return bucketed_batches(
            self._lengths, self._sentences[task], self._settings.batch_size, self._settings.bucket_size, seed
        )
