"""Processes that stay, each with its share of the cores and one GPU where there are some."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, Self, TypeVar

from hf_sluice.experiments.worker import start_worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class WorkerProcesses:
    """Some processes, numbered from 0; used as a context, at whose end all of them end, whatever they are doing.

    Each has an executor of its own, so that the death of one is that of its work alone.

    Args:
        number: how many.
        gpus: the GPUs to spread them over, as in CUDA_VISIBLE_DEVICES; none to leave that to torch.
    """

    def __init__(self, number: int, gpus: Sequence[str] = ()) -> None:
        self._gpus = [gpus[process % len(gpus)] if gpus else None for process in range(number)]
        self._executors: dict[int, ProcessPoolExecutor] = {}

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

    def __len__(self) -> int:
        """How many there are."""
        return len(self._gpus)

    def submit(
        self,
        process: int,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Future[Result]:
        """Has a process call a function of a module; one that is not there yet is started."""
        if process not in self._executors:
            self._executors[process] = ProcessPoolExecutor(
                max_workers=1,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=start_worker,
                initargs=(self._lifeline, threads_each(), self._gpus[process]),
            )
        return self._executors[process].submit(function, *args, **kwargs)

    def bury(self, process: int) -> None:
        """Forgets a process that has died; the next work for it starts another one."""
        self._executors.pop(process).shutdown()


def threads_each() -> int:
    """How many threads a worker computes with: OMP_NUM_THREADS, or one, which suits tensors as small as ours best."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdecimal() and int(said) else 1


def visible_gpus() -> list[str]:
    """The GPUs that torch sees, as CUDA_VISIBLE_DEVICES names them."""
    import torch

    named = [name for name in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    return (named or [str(number) for number in range(torch.cuda.device_count())])[: torch.cuda.device_count()]
