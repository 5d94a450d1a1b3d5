"""Takes tasks out of a sparse-sharing model: the layers that they run through, their masks, what these keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .maskable_parameters import layer_prefix
from .model_part import ModelPart
from .packed_bits import pack_bits
from .task_masks import buffer_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from .task_masks import TaskMasks

_MASKS = "task_masks."


def part_of_subnets(state: Mapping[str, Tensor], masks: TaskMasks, tasks: Sequence[str]) -> ModelPart:
    """The part of a sparse-sharing model that some tasks depend on; weights that none of their masks keeps are 0.

    Args:
        state: parameters and buffers of the whole model.
        masks: of all its tasks.
        tasks: names.
    """
    depth = max(masks.depth(task) for task in tasks)
    above = tuple(layer_prefix(layer) for layer in range(depth, masks.num_layers))
    part = {name: value for name, value in state.items() if not name.startswith((_MASKS, *above))}
    # Where only layers that are gone were masked, some other parameter is, and all of it kept: a model has to mask one.
    masked = [name for name in masks.shapes if not name.startswith(above)] or [f"{layer_prefix(0)}weight_hh"]
    of_tasks = [masks.of_task(task) for task in tasks]
    for name in masked:
        everything = torch.ones_like(part[name], dtype=torch.bool)
        kept = torch.stack([mask.get(name, everything) for mask in of_tasks])
        part[name] = part[name] * kept.any(0)
        part[f"{_MASKS}{buffer_name(name)}"] = pack_bits(kept.flatten(1))
    return ModelPart({"num_layers": depth, "masked_parameters": masked}, part)
