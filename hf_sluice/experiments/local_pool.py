"""Workers on this machine: processes that stay, each with its share of the cores and one GPU where there are some."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self

from hf_sluice.experiments.jobs import Ending, Job, Outcome
from hf_sluice.experiments.worker import make_run
from hf_sluice.experiments.worker_processes import WorkerProcesses, threads_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

_DIED = Outcome(Ending.WORKER_DIED, "its process was killed (too little memory?)")


class LocalPool:
    """Worker processes, of which the death of one is that of its run alone.

    Args:
        workers: how many.
        gpus: the GPUs to spread them over, as in CUDA_VISIBLE_DEVICES; none to leave that to torch.
    """

    def __init__(self, workers: int, gpus: Sequence[str] = ()) -> None:
        self._workers = WorkerProcesses(workers, gpus)
        self._running: dict[Future[Outcome], tuple[int, Job]] = {}

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._workers.__exit__(kind, error, where)

    @property
    def has_room(self) -> bool:
        """Whether a worker is free."""
        return len(self._running) < len(self._workers)

    def submit(self, job: Job) -> None:
        """Gives a job to a free worker."""
        busy = {number for number, _ in self._running.values()}
        number = next(number for number in range(len(self._workers)) if number not in busy)
        future = self._workers.submit(
            number, make_run, job.recipe.model_dump_json(), threads=threads_each(), keep_model=job.keep_model
        )
        self._running[future] = number, job

    def wait(self, seconds: float) -> Iterable[tuple[Job, Outcome]]:
        """Jobs that have ended, as soon as there is one, or none after some time."""
        if not self._running:
            time.sleep(seconds)
        for future in wait(self._running, seconds, FIRST_COMPLETED).done:
            number, job = self._running.pop(future)
            try:
                outcome = future.result()
            except BrokenProcessPool:
                self._workers.bury(number)
                outcome = _DIED
            yield job, outcome
