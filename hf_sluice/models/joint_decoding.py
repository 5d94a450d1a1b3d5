"""Predictions of several tasks in few calls: one recursion over time for all whose labels are decoded in sequence.

The numbers are those of the heads by themselves: labels the same, log-probabilities up to rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .crf import joint_log_marginals
from .padded_stack import padded_stack
from .tagging_head import CrfHead
from .transition_scores import TransitionScores, at_least_single
from .viterbi import best_labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from .tagging_head import TaggingHead

# On a CPU, label sets that differ by more than this factor are decoded apart: padding would cost more than calls do.
_SIMILAR_SIZES = 1.5


@torch.no_grad()
def joint_decode(
    heads: Mapping[str, TaggingHead], logits: Mapping[str, Tensor], attention_mask: Tensor | None
) -> dict[str, Tensor]:
    """Predictions of the tasks, as ``TaggingHead.decode`` has them.

    Args:
        heads: of the tasks.
        logits: of the same tasks, each (B, T, L).
        attention_mask: the one that they were computed with.
    """
    scores = {name: found for name, head in heads.items() if (found := head.decoding_scores()) is not None}
    decoded: dict[str, Tensor] = {}
    for names in _groups(logits, scores):
        if len(names) > 1:
            emissions_MBTL = padded_stack([at_least_single(logits[name]) for name in names], -torch.inf)
            together = TransitionScores.side_by_side([scores[name] for name in names])
            decoded |= dict(zip(names, best_labels(emissions_MBTL, attention_mask, together).unbind(), strict=True))
    for name in logits:
        if name not in decoded:
            decoded[name] = heads[name].decode(logits[name], attention_mask)
    return {name: decoded[name] for name in logits}


def joint_log_probabilities(
    heads: Mapping[str, TaggingHead], logits: Mapping[str, Tensor], attention_mask: Tensor | None
) -> dict[str, Tensor]:
    """Log-probabilities of labels (B, T, L), as ``TaggingHead.log_probabilities`` has them; the same arguments."""
    crfs = {name: head.crf for name in logits if isinstance(head := heads[name], CrfHead)}
    same = len({(logits[name].shape[:2], logits[name].dtype) for name in crfs}) == 1
    found: dict[str, Tensor] = {}
    if same and len(crfs) > 1:
        marginals = joint_log_marginals(list(crfs.values()), [logits[name] for name in crfs], attention_mask)
        found = dict(zip(crfs, marginals, strict=True))
    return {
        name: found[name] if name in found else heads[name].log_probabilities(values, attention_mask)
        for name, values in logits.items()
    }


def _groups(logits: Mapping[str, Tensor], scores: Mapping[str, TransitionScores]) -> list[list[str]]:
    """Which tasks are decoded together: of one size of batch and one number format, on a CPU of similar label sets."""
    groups: list[list[str]] = []
    for name in sorted(scores, key=lambda name: logits[name].shape[-1]):
        if groups and _are_alike(*((logits[each], scores[each]) for each in (groups[-1][0], name))):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _are_alike(small: tuple[Tensor, TransitionScores], large: tuple[Tensor, TransitionScores]) -> bool:
    formats = {dtype for logits, of in (small, large) for dtype in (at_least_single(logits).dtype, of.start.dtype)}
    if len(formats) > 1 or small[0].shape[:2] != large[0].shape[:2] or small[0].device != large[0].device:
        return False
    return small[0].device.type != "cpu" or large[0].shape[-1] <= _SIMILAR_SIZES * small[0].shape[-1]
