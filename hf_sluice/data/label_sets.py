"""The label sets of tasks, taken from annotated sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import TaggingScheme, Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.data.sentence import Place, Sentence


def with_label_sets(tasks: Iterable[Task], train: Sequence[Sentence] | None) -> tuple[Task, ...]:
    """Gives each classification task that has no labels those that the training sentences hold, sorted.

    A task whose scheme marks spans gets ``O`` first, whether it occurs or not.

    Raises:
        DataError: a label does not fit the task's scheme.
        UserError: there are no training sentences, or none carries the task.
    """
    return tuple(
        task if task.labels or task.kind is TaskKind.REGRESSION else replace(task, labels=_labels(task, train))
        for task in tasks
    )


def _labels(task: Task, train: Sequence[Sentence] | None) -> tuple[str, ...]:
    if train is None:
        raise UserError(f"task {task.name!r}: no labels are given and there is no split 'train' to take them from")
    seen: set[str] = set()
    for sentence in train:
        for label in sentence.layers.get(task.name) or ():
            if label is not None and label not in seen:
                seen.add(_checked(label, task, sentence.place))
    if not seen:
        raise UserError(f"task {task.name!r}: no sentence of split 'train' has labels for it")
    if task.scheme is TaggingScheme.NONE:
        return tuple(sorted(seen))
    return ("O", *sorted(seen - {"O"}))


def _checked(label: str | float, task: Task, place: Place) -> str:
    if not isinstance(label, str):
        raise DataError(place.path, place.line, f"task {task.name!r}: label {label!r} is not text")
    try:
        replace(task, labels=(label,))
    except UserError as error:
        raise DataError(place.path, place.line, str(error)) from None
    return label
