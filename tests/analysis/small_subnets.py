"""Small sparse-sharing models with the search that their masks come from, made up."""

from __future__ import annotations

import torch

from hf_sluice.analysis.recorded_search import RecordedSearch
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.mask_measures import num_kept, sparsity
from hf_sluice.training.pruning.candidates import Candidate
from tests.models.tiny_sparse_sharing import tiny_sparse_model

ROUNDS = (6, 4, 5, 7)  # of each task's search


def small_search(num_tasks=3, **values):
    """A model, and a search whose every round takes a quarter of what is left, at random but alike for all tasks."""
    model = tiny_sparse_model(num_tasks, **values)
    generator = torch.Generator().manual_seed(num_tasks)
    shapes = model.config.masked_shapes()
    of_all = {name: torch.rand(shape, generator=generator) for name, shape in shapes.items()}
    rounds, masks, candidates, chosen = {}, {}, {}, {}
    for number, task in enumerate(model.config.task_names):
        rounds[task] = {
            name: _rounds((of_all[name] + torch.rand(shape, generator=generator)) / 2, ROUNDS[number])
            for name, shape in shapes.items()
        }
        of_task = MaskSet({task: {name: left == 0 for name, left in rounds[task].items()}}, {task: rounds[task]})
        found = [of_task.at_round(task, r) for r in range(ROUNDS[number] + 1)]
        candidates[task] = tuple(
            Candidate(r, sparsity(mask), num_kept(mask), 0.9 - 0.01 * (r - 2) ** 2 - 0.1 * number, 0.5, 0.1, 1.0)
            for r, mask in enumerate(found)
        )
        chosen[task] = candidates[task][2]
        masks[task] = found[2]
    model.set_masks(masks)
    return model, RecordedSearch(candidates, chosen, MaskSet(masks, rounds))


def _rounds(importance, last):
    """The round at which each weight leaves, the least important ones first; 0 for what is left in the end."""
    order = importance.flatten().argsort().argsort().double() / importance.numel()
    leaves = torch.zeros(importance.numel(), dtype=torch.uint8)
    for number in range(last, 0, -1):
        leaves[order < 1 - 0.75**number] = number
    return leaves.view(importance.shape)
