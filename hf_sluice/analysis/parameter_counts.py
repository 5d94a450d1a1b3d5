"""Parameters as Sun et al. (2020, Table 3) count them: without embeddings and output layers, of masks their union."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import torch

from hf_sluice.evaluation.tables import TextTable
from hf_sluice.models.mask_measures import counted_parameters, num_kept

if TYPE_CHECKING:
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification


@dataclass(frozen=True)
class ParameterCounts:
    """A sparse-sharing model beside what else the same tasks could be given.

    Args:
        single_task: a base network for each task.
        single_task_subnets: each task's subnet, as a model of its own.
        base_network: one base network for all tasks, as hard sharing has it.
        sparse_sharing: all that the subnets use of the one base network.
    """

    single_task: int
    single_task_subnets: int
    base_network: int
    sparse_sharing: int

    @classmethod
    def of_model(cls, model: SparseSharingForTokenClassification) -> Self:
        """Those of a model."""
        masks = model.masks
        together = counted_parameters(model)
        names = model.config.masked_shapes()
        used = {name: torch.stack([mask[name] for mask in masks.values()]).any(0) for name in names}
        unmasked = together - num_kept(used)
        base = unmasked + sum(of.numel() for of in used.values())
        subnets = sum(unmasked + num_kept(mask) for mask in masks.values())
        return cls(len(masks) * base, subnets, base, together)


def parameters_table(counts: ParameterCounts) -> TextTable:
    """The counts, and what share of the base network each is."""
    names = {
        "a base network per task": counts.single_task,
        "a subnet per task, each by itself": counts.single_task_subnets,
        "one base network for all tasks": counts.base_network,
        "the subnets in one base network": counts.sparse_sharing,
    }
    rows = tuple((name, f"{value:,}", f"{value / counts.base_network:.2f}") for name, value in names.items())
    columns = ("", "parameters", "base networks")
    return TextTable("Parameters without embeddings and output layers", columns, rows, num_names=1)
