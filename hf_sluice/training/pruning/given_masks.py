"""Masks that need no search: of whole layers, and random ones as sparse as others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from hf_sluice.errors import RecipeError
from hf_sluice.models.maskable_parameters import layer_prefix
from hf_sluice.models.task_masks import is_masked_whole
from hf_sluice.training.pruning.prune import whole_mask
from hf_sluice.training.pruning.workbench import seed_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor


def layers_of_tasks(
    tasks: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    num_layers: int,
    task_layers: Mapping[str, int] | None,
) -> dict[str, int]:
    """How many layers each task runs through; arguments and errors are those of :func:`layer_masks`."""
    depths = {task: num_layers if i else 1 for i, task in enumerate(tasks)} | dict(task_layers or {})
    for task, depth in depths.items():
        if task not in tasks:
            raise RecipeError(f"masks.task_layers: {task!r} is none of the tasks {', '.join(tasks)}")
        if not 1 <= depth <= num_layers:
            raise RecipeError(f"masks.task_layers: {task!r} should run through 1 to {num_layers} layers, not {depth}")
    for layer in range(min(depths.values()), num_layers):
        if not is_masked_whole([name for name in shapes if name.startswith(layer_prefix(layer))]):
            raise RecipeError(f"masks.method layers: model.masked_parameters lacks weights of layer {layer + 1}")
    return depths


def layer_masks(
    tasks: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    num_layers: int,
    task_layers: Mapping[str, int] | None,
) -> dict[str, dict[str, Tensor]]:
    """Masks of whole layers: hierarchical sharing (Sun et al. 2020, "Learning Sparse Sharing Architectures").

    Args:
        tasks: names.
        shapes: of the masked parameters.
        num_layers: K.
        task_layers: how many layers tasks run through, from 1 to K; by default 1 for the first one, K for the others.

    Raises:
        RecipeError: no such task or number of layers, or a layer to leave out that is not masked as a whole.
    """
    depths = layers_of_tasks(tasks, shapes, num_layers, task_layers)
    masks = {}
    for task in tasks:
        above = tuple(layer_prefix(layer) for layer in range(depths[task], num_layers))
        masks[task] = {
            name: torch.zeros_like(mask) if name.startswith(above) else mask
            for name, mask in whole_mask(shapes).items()
        }
    return masks


def random_masks(masks: Mapping[str, Mapping[str, Tensor]], seed: int) -> dict[str, dict[str, Tensor]]:
    """Masks that keep as many weights of each parameter, drawn for each task by itself.

    Args:
        masks: per task and parameter, bool.
        seed: of the draw.
    """
    drawn: dict[str, dict[str, Tensor]] = {}
    for task, of_task in masks.items():
        generator = torch.Generator().manual_seed(seed_of(seed, f"random masks of {task}", 0))
        drawn[task] = {
            name: mask.flatten()[torch.randperm(mask.numel(), generator=generator)].view(mask.shape)
            for name, mask in of_task.items()
        }
    return drawn
