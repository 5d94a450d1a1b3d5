"""One progress bar over all runs, or a line for each where there is no terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console

    from hf_sluice.experiments.grid import Point
    from hf_sluice.experiments.jobs import Outcome
    from hf_sluice.experiments.store import RunStore

_ALL_DAY = 24 * 3600.0


class RunsProgress:
    """Tells how far the runs are.

    Args:
        total: how many runs there are.
        store: where they are kept.
        console: where to.
    """

    def __init__(self, total: int, store: RunStore, console: Console) -> None:
        self.failures: list[str] = []
        self._total = total
        self._store = store
        self._done = 0
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            speed_estimate_period=_ALL_DAY,  # a run takes longer than what is looked at by default
        )
        self._bar = self._progress.add_task("runs", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._progress.stop()

    def finished(self, point: Point) -> None:
        """A run has come to its end."""
        self._count(point, "done")

    def failed(self, point: Point, outcome: Outcome) -> None:
        """A run has been given up."""
        self.failures.append(f"{point.label}: {' '.join(outcome.message.split())} ({self._store.path / point.key})")
        self._count(point, "failed")

    def _count(self, point: Point, what: str) -> None:
        self._done += 1
        self._progress.update(self._bar, advance=1, description=escape(point.label))
        if self._progress.disable:
            self._console.print(f"{self._done}/{self._total} {what}: {point.label}", markup=False)
