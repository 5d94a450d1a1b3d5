"""Tasks of data that is described by its user: each with the column that holds its labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hf_sluice.errors import UserError
from hf_sluice.tasks import Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Sequence


def task_columns(tasks: Sequence[str | Task | Mapping[str, Any]] | None) -> tuple[tuple[Task, ...], dict[str, str]]:
    """Reads task descriptions.

    Args:
        tasks: each a :class:`Task`, whose column has its name, or a mapping of a task's fields and ``column``.

    Returns:
        The tasks, and per task name its column.

    Raises:
        UserError: no tasks, a task that is only a name, or one with unknown or contradicting fields.
    """
    if not tasks:
        raise UserError("tasks: at least one is needed, each with its name and the column of its labels")
    read, columns = [], {}
    for described in tasks:
        task, column = _task_column(described)
        read.append(task)
        columns[task.name] = column
    return tuple(read), columns


def numeric_tasks(tasks: Sequence[Task]) -> frozenset[str]:
    """The names of the tasks whose labels are numbers."""
    return frozenset(task.name for task in tasks if task.kind is TaskKind.REGRESSION)


def _task_column(described: str | Task | Mapping[str, Any]) -> tuple[Task, str]:
    if isinstance(described, Task):
        return described, described.name
    if not isinstance(described, Mapping):
        raise UserError(f"tasks: {described!r} says no kind and no scheme; describe it as a mapping with a name")
    if "name" not in described:
        raise UserError(f"tasks: a task without a name: {dict(described)}")
    task = Task.from_dict({key: value for key, value in described.items() if key != "column"})
    return task, str(described.get("column", task.name))
