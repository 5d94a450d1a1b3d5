"""How probable each label of each token is in a linear chain: the forward-backward algorithm (Rabiner 1989)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from .log_partition import beside_tasks, log_prefix_sums
from .transition_scores import TransitionScores

if TYPE_CHECKING:
    from torch import Tensor


def log_marginals(emissions_TBL: Tensor, lengths_B: Tensor, scores: TransitionScores) -> Tensor:
    """Log-probability of each label of each token, over all label sequences of its sentence.

    Several tasks may stand side by side, as in :func:`log_partition`.

    Args:
        emissions_TBL: scores of the labels; padding is not read.
        lengths_B: number of tokens of each sentence.
        scores: of transitions, ``FORBIDDEN`` where there cannot be one.

    Returns:
        (T, B, L), in the number format of the emissions; what stands at padding means nothing.
    """
    if not len(emissions_TBL):
        return emissions_TBL
    before_TBL = log_prefix_sums(emissions_TBL, lengths_B, scores)
    # The sums over all endings are those over all beginnings of the sentence read backwards.
    backwards_TB = _backwards(len(emissions_TBL), lengths_B)
    backwards_TBL = beside_tasks(backwards_TB, emissions_TBL).expand_as(emissions_TBL)
    mirrored = TransitionScores(scores.between.mT, scores.end, scores.start)
    reversed_TBL = log_prefix_sums(emissions_TBL.gather(0, backwards_TBL), lengths_B, mirrored)
    after_TBL = reversed_TBL.gather(0, backwards_TBL)
    return torch.log_softmax(before_TBL + after_TBL - emissions_TBL, dim=-1)  # each holds the token's own score


def _backwards(steps: int, lengths_B: Tensor) -> Tensor:
    """(T, B): which token stands where once a sentence is reversed; padding stays where it is."""
    steps_T1 = torch.arange(steps, device=lengths_B.device)[:, None]
    return torch.where(steps_T1 < lengths_B, lengths_B - 1 - steps_T1, steps_T1)
