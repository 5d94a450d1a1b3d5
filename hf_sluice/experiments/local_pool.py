"""Workers on this machine: processes that stay, each with its share of the cores and one GPU where there are some."""

from __future__ import annotations

import multiprocessing
import os
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Self

from hf_sluice.experiments.jobs import Ending, Job, Outcome
from hf_sluice.experiments.worker import make_run, start_worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import TracebackType

_DIED = Outcome(Ending.WORKER_DIED, "its process was killed (too little memory?)")


class LocalPool:
    """Worker processes.

    Each has an executor of its own, so that the death of one is that of its run alone.

    Args:
        workers: how many.
        gpus: the GPUs to spread them over, as in CUDA_VISIBLE_DEVICES; none to leave that to torch.
    """

    def __init__(self, workers: int, gpus: Sequence[str] = ()) -> None:
        self._threads = threads_each()
        self._gpus = [gpus[number % len(gpus)] if gpus else None for number in range(workers)]
        self._executors: dict[int, ProcessPoolExecutor] = {}
        self._running: dict[Future[Outcome], tuple[int, Job]] = {}

    def __enter__(self) -> Self:
        # All workers hold the reading end; with the writing end, which is this process's alone, all of them end.
        self._lifeline, self._hold = multiprocessing.Pipe(duplex=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._hold.close()
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)
        self._lifeline.close()

    @property
    def has_room(self) -> bool:
        """Whether a worker is free."""
        return len(self._running) < len(self._gpus)

    def submit(self, job: Job) -> None:
        """Gives a job to a free worker."""
        busy = {number for number, _ in self._running.values()}
        number = next(number for number in range(len(self._gpus)) if number not in busy)
        if number not in self._executors:
            self._executors[number] = self._executor(self._gpus[number])
        future = self._executors[number].submit(
            make_run, job.recipe.model_dump_json(), threads=self._threads, keep_model=job.keep_model
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
                self._executors.pop(number).shutdown()
                outcome = _DIED
            yield job, outcome

    def _executor(self, gpu: str | None) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=start_worker,
            initargs=(self._lifeline, self._threads, gpu),
        )


def threads_each() -> int:
    """How many threads a worker computes with: OMP_NUM_THREADS, or one, which suits tensors as small as ours best."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdecimal() and int(said) else 1


def visible_gpus() -> list[str]:
    """The GPUs that torch sees, as CUDA_VISIBLE_DEVICES names them."""
    import torch

    named = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    return (named or [str(number) for number in range(torch.cuda.device_count())])[: torch.cuda.device_count()]
