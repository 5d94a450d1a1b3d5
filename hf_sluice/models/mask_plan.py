"""What several tasks' masks have in common, so that no network is run twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .maskable_parameters import CHARACTERS, layer_prefix

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from .task_masks import TaskMasks


@dataclass(frozen=True)
class MaskedStage:
    """The networks to run at one stage: the shared input, or a layer.

    Args:
        tasks: for each network a task whose mask it runs under; others may have the same.
        sources: for each network the network of the stage before that it reads; nothing for the input.
        keeps_all: whether all these masks keep every weight of the stage.
    """

    tasks: tuple[int, ...]
    sources: tuple[int, ...]
    keeps_all: bool


@dataclass(frozen=True)
class MaskPlan:
    """How to run some tasks.

    Args:
        stages: the input, then the layers.
        states: for each task the stage and the network whose output is its state.
    """

    stages: tuple[MaskedStage, ...]
    states: tuple[tuple[int, int], ...]


def plan_masks(masks: TaskMasks, tasks: Sequence[int]) -> MaskPlan:
    """Plans a forward pass: tasks go together as long as they have the same input and the same mask.

    So hard sharing, all masks alike, is one network, and so are the lower layers of hierarchical sharing.

    Args:
        masks: the masks of all tasks.
        tasks: indices of those asked for.
    """
    depths = [masks.depth(masks.tasks[task]) for task in tasks]
    place = dict.fromkeys(tasks, (0, 0))
    stages = []
    for number in range(max(depths, default=0) + 1):
        prefix = CHARACTERS if number == 0 else layer_prefix(number - 1)
        names = [name for name in masks.shapes if name.startswith(prefix)]
        rows: dict[Hashable, int] = {}
        chosen, sources = [], []
        for task, depth in zip(tasks, depths, strict=True):
            if depth < number:
                continue
            source = place[task][1]
            content = (source, *(masks.packed(name)[task].cpu().numpy().tobytes() for name in names))
            if content not in rows:
                rows[content] = len(rows)
                chosen.append(task)
                sources.append(source)
            place[task] = (number, rows[content])
        keeps_all = all(bool(masks[name][task].all()) for name in names for task in chosen)
        stages.append(MaskedStage(tuple(chosen), tuple(sources), keeps_all))
    return MaskPlan(tuple(stages), tuple(place[task] for task in tasks))
