"""The heads of several tasks in one product in place of one per task: on a GPU, fewer launches.

The numbers are those of the heads by themselves, up to rounding. On a CPU one product takes as long as several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from .padded_stack import padded_stack
from .tagging_loss import IGNORED
from .transition_scores import FORBIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from .tagging_head import TaggingHead


def pays_to_join(heads: Sequence[TaggingHead], device: torch.device) -> bool:
    """Whether some heads, which read states of the same width, are better computed by :func:`joint_logits`."""
    hidden_sizes = {None if head.dense is None else head.dense.out_features for head in heads}
    return device.type != "cpu" and len(heads) > 1 and len(hidden_sizes) == 1


def joint_logits(heads: Sequence[TaggingHead], states_MBTD: Tensor) -> Tensor:
    """What heads with equally many hidden units make of a state each.

    Returns:
        (M, B, T, L), L being that of the largest label set; logits of labels that a task lacks are ``FORBIDDEN``.
    """
    x_MND = states_MBTD.flatten(1, 2)
    dense = [head.dense for head in heads if head.dense is not None]
    if dense:
        weight_MHD = torch.stack([layer.weight for layer in dense])
        bias_MH = torch.stack([layer.bias for layer in dense])
        x_MND = torch.baddbmm(bias_MH[:, None], x_MND, weight_MHD.mT).tanh()
    weight_MLH = padded_stack([head.output.weight for head in heads], 0.0)
    bias_ML = padded_stack([head.output.bias for head in heads], FORBIDDEN)
    return torch.baddbmm(bias_ML[:, None], x_MND, weight_MLH.mT).unflatten(1, states_MBTD.shape[1:3])


def joint_cross_entropies(logits_MBTL: Tensor, labels_MBT: Tensor) -> Tensor:
    """Per task the cross-entropy of such logits, summed over the labelled tokens: (M,)."""
    values = functional.cross_entropy(
        logits_MBTL.flatten(0, 2), labels_MBT.flatten(), ignore_index=IGNORED, reduction="none"
    )
    return values.view(len(labels_MBT), -1).sum(1)
