"""What several tasks' masks have in common, so that no network is run twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .maskable_parameters import stage_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .task_masks import TaskMasks


@dataclass(frozen=True)
class MaskPlan:
    """How to run some tasks through the stages of a model: the shared input, then the layers.

    Args:
        paths: for each task its network at every stage that it runs through, from the input on. Networks are counted
            from 0 at each stage, in the order in which tasks come to them.
        tasks: for each stage and network the first task that it serves; the others have the same mask.
    """

    paths: tuple[tuple[int, ...], ...]
    tasks: tuple[tuple[int, ...], ...]

    def needed_after(self, number: int) -> set[tuple[int, int]]:
        """The stages and networks whose output tasks need that come after one, by its place among the tasks."""
        return {place for path in self.paths[number + 1 :] for place in enumerate(path)}


def plan_masks(masks: TaskMasks, tasks: Sequence[int]) -> MaskPlan:
    """Plans a forward pass: tasks go together as long as they have the same input and the same mask.

    So hard sharing, all masks alike, is one network, and so are the lower layers of hierarchical sharing.

    Args:
        masks: the masks of all tasks.
        tasks: indices of those asked for.
    """
    # Per stage what a network reads and the bits of its mask, and the first task with these.
    stages: list[dict[tuple[object, ...], int]] = [{} for _ in range(masks.num_layers + 1)]
    paths = []
    for task in tasks:
        path: list[int] = []
        for stage in range(masks.depth(masks.tasks[task]) + 1):
            bits = (masks.packed(name)[task].cpu().numpy().tobytes() for name in masks.names_of(stage_prefix(stage)))
            network = (*path[-1:], *bits)
            stages[stage].setdefault(network, task)
            path.append(list(stages[stage]).index(network))
        paths.append(tuple(path))
    return MaskPlan(tuple(paths), tuple(tuple(networks.values()) for networks in stages))
