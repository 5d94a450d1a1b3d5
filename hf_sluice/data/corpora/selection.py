"""Which of a corpus's tasks are asked for, and which of its sentences carry them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from hf_sluice.errors import UserError
from hf_sluice.tasks import TaggingScheme, Task, TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.data.sentence import Sentence


class Incomplete(StrEnum):
    """What happens to a sentence that lacks a layer that is asked for: left out, or kept with None there."""

    DROP = "drop"
    KEEP = "keep"

    @classmethod
    def read(cls, value: str) -> Incomplete:
        """Understands an option; raises UserError for anything else."""
        if value not in tuple(cls):
            raise UserError(f"incomplete: {value!r} is not one of {', '.join(cls)}")
        return cls(value)


def span_task(name: str) -> Task:
    """A task whose labels mark spans by IOB2, judged by the F1 of spans."""
    return Task(name, scheme=TaggingScheme.IOB2, metric=TaskMetric.SPAN_F1)


def choose_tasks(asked: Sequence[str] | None, known: Sequence[Task], corpus: str) -> tuple[Task, ...]:
    """The tasks that are asked for, in the order asked; all by default.

    Raises:
        UserError: a name that the corpus does not have, or none.
    """
    if asked is None:
        return tuple(known)
    names = [asked] if isinstance(asked, str) else list(asked)
    by_name = {task.name: task for task in known}
    if not names:
        raise UserError(f"corpus {corpus!r}: no task is asked for; it has {', '.join(by_name)}")
    for name in names:
        if name not in by_name:
            raise UserError(f"corpus {corpus!r}: there is no task {name!r}; it has {', '.join(by_name)}")
    return tuple(by_name[name] for name in names)


def is_complete(sentence: Sentence, tasks: Iterable[Task]) -> bool:
    """Whether a sentence has a layer for every task."""
    return all(sentence.layers.get(task.name) is not None for task in tasks)


def share(count: int, total: int) -> str:
    """``16,548 of 16,622 (99.55 %)``."""
    return f"{count:,} of {total:,} ({100 * count / total:.2f} %)"
