"""The learned sharing of a sparse-sharing model, apart from its weights: masks, and the sizes that they belong to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .mask_measures import num_kept, overlap_ratio, pair_overlaps, sparsity
from .packed_bits import pack_bits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .mask_file import MaskSet

SIZES = ("word_embedding_size", "char_encoder", "char_embedding_size", "char_hidden_size", "char_filters",
         "char_filter_width")  # fmt: skip
"""Fields of the configuration, beside layers and hidden size, that the shapes of masked parameters follow from."""


@dataclass(frozen=True, eq=False)
class Subnets:
    """Masks of all tasks over one base network.

    Args:
        sizes: of this network, by :data:`SIZES`.
        masks: of the tasks, in their order.
    """

    sizes: Mapping[str, Any]
    masks: MaskSet

    @cached_property
    def measures(self) -> dict[str, Any]:
        """In plain values: weights kept and sparsity per task, overlap ratios of all tasks and of every two of them.

        Sparsity is the share that *remains*. Ratios are left out for a single task, and where no weight is kept.
        """
        masks = self.masks.masks
        several = len(masks) > 1 and all(num_kept(mask) for mask in masks.values())
        return {
            "weights": {task: num_kept(mask) for task, mask in masks.items()},
            "sparsity": {task: sparsity(mask) for task, mask in masks.items()},
            "overlap": overlap_ratio(list(masks.values())) if several else None,
            "pairs": [[a, b, ratio] for (a, b), ratio in pair_overlaps(masks).items()] if several else [],
        }

    @cached_property
    def sha256(self) -> str:
        """A digest of the masks' bits, in the order of tasks and parameters."""
        digest = hashlib.sha256()
        for mask in self.masks.masks.values():
            for of in mask.values():
                digest.update(pack_bits(of.reshape(1, -1)).cpu().numpy().tobytes())
        return digest.hexdigest()
