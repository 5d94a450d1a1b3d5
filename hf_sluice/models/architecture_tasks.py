"""The tasks of a sharing architecture: checked when they come from elsewhere, and found again under other names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .configuration_tagger import KINDS
from .strict_json import check_choice, check_kind, check_text, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 500  # characters of a name, a label or anything else that describes a task


def check_tasks(values: Any) -> tuple[dict[str, Any], ...]:
    """The tasks that a file describes, as a configuration has them.

    Raises:
        ValueError: a name or a label that is no text or stands twice, an unknown kind, or a description that is more
            than texts, numbers and lists of texts.
    """
    check_kind("tasks", values, list)
    names = [_check_task(task) for task in values]
    _check_once("tasks", names)
    if not names:
        raise ValueError("tasks should not be empty")
    return tuple(values)


def sources_of(
    names: Iterable[str], places: Sequence[str], sources: Mapping[str, str | None] | None
) -> dict[str, str | None]:
    """For each task of a new model the task of an architecture whose place it takes.

    Args:
        names: of the new tasks.
        places: of the architecture's.
        sources: for new tasks one of these, or None for one that has no place there and begins afresh; tasks that are
            not named take the place of the task of their name.

    Raises:
        ValueError: a name that is none of these tasks, or a new task that is not said to be one.
    """
    given, names = dict(sources or {}), list(names)
    for name in given:
        if name not in names:
            raise ValueError(f"tasks: {name!r} is none of the tasks to train, {', '.join(names)}")
    found = {name: given.get(name, name) for name in names}
    for name, source in found.items():
        if source is None or source in places:
            continue
        raise ValueError(
            f"tasks: there is no {source!r} in the architecture; map {name!r} to one of {', '.join(places)}, or to "
            "null (None) where it is new"
        )
    return found


def _check_task(task: Any) -> str:
    check_kind("tasks: each", task, dict)
    name = check_text("tasks: a name", task.get("name"), _LONGEST)
    of = f"tasks: the %s of {shown(name)}"
    check_choice(of % "kind", task.get("kind", KINDS[0]), KINDS)
    labels = check_kind(of % "labels", task.get("labels", []), list)
    for label in labels:
        check_text(f"{of % 'labels'}: each", label, _LONGEST)
    _check_once(of % "labels", labels)
    for field, value in task.items():
        if field != "labels" and value is not None and not isinstance(value, bool | int | float):
            check_text(of % shown(field), value, _LONGEST)
    return name


def _check_once(place: str, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        if name in names[:number]:
            raise ValueError(f"{place}: {shown(name)} stands twice")
