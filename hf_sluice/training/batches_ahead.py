"""The next batch, made while the device still computes this one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

_Step = TypeVar("_Step")
_Batch = TypeVar("_Batch")


class BatchesAhead(Generic[_Step, _Batch]):
    """Makes batches, where it is told what will be asked for, one ahead and in a thread of its own.

    What is made, and in which order, is the same either way; what goes wrong is raised when the batch is asked for.

    Args:
        make: makes the batch of a step; draws nothing at random.
        device: where batches go. On a CPU there is nobody to wait for, and all are made when they are asked for.
    """

    def __init__(self, make: Callable[[_Step], _Batch], device: torch.device) -> None:
        self._make = make
        self._device = device
        self._worker: ThreadPoolExecutor | None = None
        self._expected: Iterator[_Step] = iter(())
        self._next: tuple[_Step, Future[_Batch]] | None = None

    @contextmanager
    def expecting(self, steps: Sequence[_Step]) -> Iterator[None]:
        """While the block runs, these steps are asked for in this order; no thread outlives it."""
        if self._device.type == "cpu":
            yield
            return
        with ThreadPoolExecutor(1, "batches", self._enter_thread) as self._worker:
            self._expected = iter(steps)
            self._prepare_next()
            try:
                yield
            finally:
                self._next = None

    def of(self, step: _Step) -> _Batch:
        """The batch of a step; one that was not expected next is made at once."""
        if self._next is None or self._next[0] is not step:
            return self._make(step)
        _, batch = self._next
        self._prepare_next()
        return batch.result()

    def _prepare_next(self) -> None:
        step = next(self._expected, None)
        assert self._worker is not None  # noqa: S101 - called by those who have made one
        self._next = None if step is None else (step, self._worker.submit(self._make, step))

    def _enter_thread(self) -> None:
        if self._device.type == "cuda":  # otherwise a thread begins on the first GPU, whosever that is
            torch.cuda.set_device(self._device)
