"""Which networks a set of tasks depends on, layer by layer, read off the entries of α and β that can be non-zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .sharing_table import SharingTable


@dataclass(frozen=True)
class LayerPlan:
    """What to compute of one layer.

    Args:
        sources: networks whose recurrence runs.
        targets: networks whose mixed output is needed, by the next layer or by a task.
        mixes: whether α does anything here; where it is the identity for good, output and mixture are the same.
    """

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    mixes: bool


def plan_layers(table: SharingTable, num_subspaces: int, tasks: Iterable[int]) -> list[LayerPlan]:
    """The layers that some tasks depend on, from the first to the last one needed.

    Args:
        table: the sharing architecture.
        num_subspaces: S.
        tasks: indices of the tasks asked for.
    """
    alpha_possible = table.alpha.may_be_nonzero()
    beta_possible_MK = table.beta.may_be_nonzero()
    num_layers, networks = alpha_possible.shape[0], alpha_possible.shape[1] // num_subspaces
    blocks = alpha_possible.reshape(num_layers, networks, num_subspaces, networks, num_subspaces)
    draws_KNN = np.asarray(blocks.any((2, 4)))
    tasks = tuple(tasks)
    needed: set[int] = set()
    plans: list[LayerPlan] = []
    for layer in reversed(range(num_layers)):
        read = {table.task_networks[task] for task in tasks if beta_possible_MK[task, layer]}
        targets = sorted(needed | read)
        if not targets:
            continue
        mixes = not _is_identity(table, layer, num_subspaces, targets)
        sources = np.flatnonzero(draws_KNN[layer, targets].any(0)).tolist() if mixes else targets
        plans.append(LayerPlan(tuple(sources), tuple(targets), mixes))
        needed = set(sources)
    return plans[::-1]


def layers_read(table: SharingTable, task: int) -> list[int]:
    """The layers that a task's β can weight, from the first on."""
    possible_MK = table.beta.may_be_nonzero()
    return np.flatnonzero(possible_MK[task]).tolist()


def _is_identity(table: SharingTable, layer: int, num_subspaces: int, targets: list[int]) -> bool:
    rows = [target * num_subspaces + s for target in targets for s in range(num_subspaces)]
    slots, values = table.alpha.slots[layer, rows], table.alpha.values[layer, rows]
    return bool((slots < 0).all() and np.array_equal(values, np.eye(values.shape[1], dtype=values.dtype)[rows]))
