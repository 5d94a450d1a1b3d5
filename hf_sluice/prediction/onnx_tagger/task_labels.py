"""From the scores that a graph gives for a task to its labels, or numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .best_paths import best_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class TaskLabels:
    """A task, and how its labels are found.

    Args:
        path: of the description, for messages.
        task: as it describes the task.

    Raises:
        ValueError: the scores of transitions are damaged.
    """

    def __init__(self, path: Path, task: Mapping[str, Any]) -> None:
        self.labels: list[str] = task.get("labels") or []
        chain = task.get("transitions")
        size = len(self.labels)
        shapes = {"between": (size, size), "start": (size,), "end": (size,)}
        self._chain = None if chain is None else {n: _array(path, chain, n, shape) for n, shape in shapes.items()}

    def decode(self, logits_BTL: NDArray[np.float32], lengths: Sequence[int]) -> list[list[Any]]:
        """Per sentence a label, or a number of six digits, for each word.

        Args:
            logits_BTL: scores of the labels, or of one number.
            lengths: words of each sentence.
        """
        if not self.labels:
            numbers_BT = logits_BTL[..., 0].tolist()
            return [[float(f"{value:.6g}") for value in row[:n]] for row, n in zip(numbers_BT, lengths, strict=True)]
        if self._chain is None:
            ids_BT = logits_BTL.argmax(-1)
        else:
            ids_BT = best_paths(logits_BTL, np.array(lengths), self._chain)
        return [[self.labels[i] for i in row[:n]] for row, n in zip(ids_BT.tolist(), lengths, strict=True)]


def _array(path: Path, chain: Any, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    try:
        array = np.array(chain[name], dtype=np.float32)
    except (ValueError, TypeError, KeyError):
        array = np.array(np.nan, dtype=np.float32)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError(f"{path}: transitions ({name}) should be finite numbers of shape {shape}")
    return array
