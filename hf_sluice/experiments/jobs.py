"""What runners and pools of workers say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from hf_sluice.experiments.grid import Point
    from hf_sluice.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made.

    Args:
        point: what for.
        recipe: what to run; ``output`` is its folder in the store.
        keep_model: whether its model is kept.
    """

    point: Point
    recipe: Recipe
    keep_model: bool = False


class Ending(StrEnum):
    """How a job ended."""

    DONE = "done"
    FAILED = "failed"
    WORKER_DIED = "worker died"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, with what is to be said of it.

    Args:
        ending: how.
        message: one line, if it is not done.
        details: a traceback, if there is one.
    """

    ending: Ending
    message: str = ""
    details: str = ""


class Pool(Protocol):
    """Workers, each of which makes one run at a time. Used as a context, at whose end all of them end at once."""

    def __enter__(self) -> Self:
        """Begins."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Ends all workers, whatever they are doing."""

    @property
    def has_room(self) -> bool:
        """Whether a worker is free."""

    def submit(self, job: Job) -> None:
        """Gives a job to a free worker."""

    def wait(self, seconds: float) -> Iterable[tuple[Job, Outcome]]:
        """Jobs that have ended, as soon as there is one, or none after some time."""
