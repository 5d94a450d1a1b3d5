"""The best label sequence of a linear chain (Viterbi 1967)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from .transition_scores import TransitionScores


@torch.no_grad()
def best_labels(emissions_BTL: Tensor, attention_mask: Tensor | None, scores: TransitionScores) -> Tensor:
    """The label sequence of each sentence with the highest score; the first of the best ones where several are.

    Several tasks may stand side by side, (M, B, T, L), with scores (M, …); emissions are −∞ for the labels that a task
    lacks, so that these are never chosen, and the labels are (M, B, T).

    Args:
        emissions_BTL: scores of the labels.
        attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
        scores: of transitions; sequences with a forbidden one are chosen only where there are no others.

    Returns:
        Label ids (B, T), int64; 0 at padding.
    """
    emissions_TBL = emissions_BTL.movedim(-2, 0)
    is_token_TB1 = _is_token(emissions_BTL, attention_mask).t()[..., None]
    between_1LL = scores.between[..., None, :, :]
    best_BL = scores.start[..., None, :] + emissions_TBL[0]
    stay_BL = torch.arange(best_BL.shape[-1], device=best_BL.device).expand_as(best_BL)
    origins = []
    for emissions_BL, is_token_B1 in zip(emissions_TBL[1:].unbind(), is_token_TB1[1:].unbind(), strict=True):
        following_BL, origin_BL = (best_BL[..., None] + between_1LL).max(dim=-2)
        best_BL = torch.where(is_token_B1, following_BL + emissions_BL, best_BL)
        origins.append(torch.where(is_token_B1, origin_BL, stay_BL))
    labels = [(best_BL + scores.end[..., None, :]).argmax(dim=-1, keepdim=True)]
    for origin_BL in reversed(origins):
        labels.append(origin_BL.gather(-1, labels[-1]))
    return torch.cat(labels[::-1], dim=-1) * is_token_TB1[..., 0].t()


def _is_token(emissions_BTL: Tensor, attention_mask: Tensor | None) -> Tensor:
    if attention_mask is None:
        return torch.ones(emissions_BTL.shape[-3:-1], dtype=torch.bool, device=emissions_BTL.device)
    return attention_mask.bool()
