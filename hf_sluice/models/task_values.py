"""A task's predictions as plain values: the names of labels, and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def task_values(task: Mapping[str, Any], decoded: Iterable[Any]) -> list[Any]:
    """What a task's decoder gave for the words of a sentence, as JSON can hold it.

    Args:
        task: as a configuration describes it.
        decoded: label ids, or numbers for regression.

    Returns:
        Per word a label, or a number of six digits: that many single precision holds for certain, and that many do not
        depend on the batch that a sentence was in.
    """
    if task.get("kind") == "regression":
        return [float(f"{value:.6g}") for value in decoded]
    labels = task["labels"]
    return [labels[value] for value in decoded]
