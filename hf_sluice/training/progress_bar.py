"""The progress bar of training."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from types import TracebackType

_STEPS_BETWEEN_UPDATES = 10


class TrainingBar:
    """A bar over the steps of each epoch with loss and tokens per second, on standard error.

    Args:
        epochs: how many epochs there are at most.
        shown: whether to show anything; one of several processes does, where standard error is a terminal.
    """

    def __init__(self, epochs: int, *, shown: bool) -> None:
        self._epochs = epochs
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[status]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not (shown and sys.stderr.isatty()),
            transient=True,
        )
        self._bar = self._progress.add_task("", total=None, status="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._progress.stop()

    def start_epoch(self, epoch: int, steps: int, done: int) -> None:
        """Begins an epoch, counted from 0, of which some steps may be done already."""
        self._progress.reset(
            self._bar, description=f"epoch {epoch + 1}/{self._epochs}", total=steps, completed=done, status=""
        )

    def wants_status(self, step: int) -> bool:
        """Whether the status should be computed at this step: losses are waited for every few steps only."""
        return not self._progress.disable and step % _STEPS_BETWEEN_UPDATES == 0

    def advance(self, status: str | None = None) -> None:
        """One step further."""
        self._progress.advance(self._bar)
        if status is not None:
            self._progress.update(self._bar, status=status)
