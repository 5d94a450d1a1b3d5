"""Makes the runs that are missing: each once, whatever dies meanwhile and whoever else is at it."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from hf_sluice.experiments.jobs import Ending, Job, Outcome, Pool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.store import RunStore

_SECONDS_BETWEEN_LOOKS = 1.0
MAX_DEATHS = 3
"""A run whose worker dies so often is given up."""


class Watcher(Protocol):
    """What is told of the runs."""

    def finished(self, point: Point) -> None:
        """A run has come to its end, here or elsewhere."""

    def failed(self, point: Point, outcome: Outcome) -> None:
        """A run has been given up."""


@dataclass
class Runner:
    """Sees runs through.

    Args:
        store: where they are kept.
        pool: who makes them.
        watcher: who is told.
        keep_models: the keys of the runs that keep their models.
    """

    store: RunStore
    pool: Pool
    watcher: Watcher
    keep_models: frozenset[str] = frozenset()
    _locks: dict[str, FileLock] = field(default_factory=dict)
    _deaths: Counter[str] = field(default_factory=Counter)
    _waiting: deque[Point] = field(default_factory=deque)

    def make(self, points: Iterable[Point]) -> None:
        """Makes the runs of some points, of which none is finished; equal ones once.

        Where another runner is at one of them, this waits for its end.
        """
        self._waiting = deque({point.key: point for point in points}.values())
        try:
            while self._waiting or self._locks:
                self._submit()
                for job, outcome in self.pool.wait(_SECONDS_BETWEEN_LOOKS):
                    self._take(job, outcome)
        finally:
            for key in list(self._locks):
                self._locks.pop(key).release()

    def _submit(self) -> None:
        """Gives the free workers runs that nobody is at."""
        for point in list(self._waiting):
            if not self.pool.has_room:
                return
            lock = self.store.lock(point)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            self._waiting.remove(point)
            if self.store.is_finished(point):
                lock.release()
                self.watcher.finished(point)
            else:
                self._locks[point.key] = lock
                self.pool.submit(Job(point, self.store.recipe(point), point.key in self.keep_models))

    def _take(self, job: Job, outcome: Outcome) -> None:
        point = job.point
        self._locks.pop(point.key).release()
        if outcome.ending is Ending.DONE:
            self.store.forget_failure(point)
            self.watcher.finished(point)
            return
        self._deaths[point.key] += 1
        if outcome.ending is Ending.WORKER_DIED and self._deaths[point.key] < MAX_DEATHS:
            self._waiting.append(point)
            return
        self.store.write_failure(point, outcome.details or outcome.message)
        self.watcher.failed(point, outcome)
