"""Tasks of a saved corpus, which are asked for by name, and of which a user may set what does not change the labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hf_sluice.data.corpora.task_columns import task_columns
from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.tasks import Task

_SETTABLE = ("weight", "decoder")


@dataclass(frozen=True, slots=True)
class AskedTasks:
    """What is to be read of a data set.

    Args:
        tasks: as the data set has them, in the order asked for.
        columns: per task name the column of its labels.
        schemes: per task name the tagging scheme that its labels are to be converted to.
    """

    tasks: tuple[Task, ...]
    columns: dict[str, str]
    schemes: dict[str, str]


def ask_for(asked: Sequence[str | Task | Mapping[str, Any]] | None, saved: Sequence[Task], source: str) -> AskedTasks:
    """Understands which tasks of a data set are wanted.

    Args:
        asked: names of saved tasks; mappings with the ``name`` of one and the ``weight``, ``decoder`` or ``scheme``
            that it is to have; or tasks that are described as :func:`task_columns` says. None for all saved ones.
        saved: the tasks that the data set says it has.
        source: the data set, for messages.

    Raises:
        UserError: a task that is neither saved nor described, or whose description contradicts itself or the saved one.
    """
    if not (saved if asked is None else asked):
        raise UserError(f"tasks: data set {source!r} says nothing of its tasks; describe at least one")
    by_name = {task.name: task for task in saved}
    tasks, columns, schemes = [], {}, {}
    for wanted in saved if asked is None else asked:
        if isinstance(wanted, str):
            task, column = _named(wanted, by_name, source), wanted
        elif isinstance(wanted, Mapping) and _is_saved(wanted, by_name):
            task, column = _with_settings(by_name[wanted["name"]], wanted), wanted["name"]
            if wanted.get("scheme", task.scheme) != task.scheme:
                schemes[task.name] = str(wanted["scheme"])
        else:
            (task,), described = task_columns([wanted])
            column = described[task.name]
        tasks.append(task)
        columns[task.name] = column
    return AskedTasks(tuple(tasks), columns, schemes)


def _named(name: str, saved: Mapping[str, Task], source: str) -> Task:
    if name in saved:
        return saved[name]
    if not saved:
        raise UserError(
            f"tasks: data set {source!r} says nothing of a task {name!r}; describe it as a mapping with its name, "
            "column, kind and scheme"
        )
    raise UserError(f"tasks: data set {source!r} has no task {name!r}; it has {', '.join(saved)}")


def _is_saved(wanted: Mapping[str, Any], saved: Mapping[str, Task]) -> bool:
    """Whether a mapping speaks of a saved task, and does not describe another one of the same name."""
    name = wanted.get("name")
    return isinstance(name, str) and name in saved and wanted.get("column", name) == name


def _with_settings(task: Task, wanted: Mapping[str, Any]) -> Task:
    """A saved task with the weight and decoder wanted; whatever else is said of it has to be so already."""
    has = {**task.to_dict(), "column": task.name}
    for field, value in wanted.items():
        if field in (*_SETTABLE, "scheme"):
            continue
        if field not in has:
            raise UserError(f"task {task.name!r}: unknown field {field!r}")
        if (list(value) if isinstance(value, tuple) else value) != has[field]:
            raise UserError(
                f"task {task.name!r} is described by its data set; its {', '.join(_SETTABLE)} or scheme can be set, "
                f"but {field} should be {has[field]!r}, not {value!r}"
            )
    settings = {field: wanted[field] for field in _SETTABLE if field in wanted}
    return replace(task, **settings)
