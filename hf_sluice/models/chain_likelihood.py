"""How probable the labels of sentences are in linear chains, those of several tasks in one recursion over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor

from .log_partition import log_partition
from .padded_stack import padded_stack
from .tagging_loss import IGNORED
from .transition_scores import FORBIDDEN, TransitionScores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .transitions import AllowedTransitions


class Chain(NamedTuple):
    """What is known of one task.

    Args:
        emissions: scores of the labels (B, T, L), in single precision or double.
        labels: label ids (B, T), int64; −100 marks a token without a label.
        scores: of transitions, all of them learned.
        allowed: gives all other sequences the probability 0; None where every sequence is possible.
    """

    emissions: Tensor
    labels: Tensor
    scores: TransitionScores
    allowed: AllowedTransitions | None

    def bounded(self) -> TransitionScores:
        """The scores within what is allowed."""
        return self.scores if self.allowed is None else self.scores.within(self.allowed)


def log_likelihoods(chains: Sequence[Chain], lengths_B: Tensor) -> list[Tensor]:
    """Log-probability that a sentence has its labels, whatever its unlabelled tokens have; see ``LinearChainCrf``.

    Args:
        chains: of tasks on the same sentences, all in the same number format.
        lengths_B: number of tokens of each sentence.

    Returns:
        (B,) for each chain.
    """
    both_TBL, is_labelled_B = zip(*(_agreeing_and_all(chain, lengths_B) for chain in chains), strict=True)
    bounded = [chain.bounded() for chain in chains]
    limited = [number for number, chain in enumerate(chains) if chain.allowed is not None]
    learned = [chains[number].scores for number in limited]
    found = _differences(both_TBL, bounded, lengths_B)
    if limited and not _all_possible(found):
        # A sentence whose labels are not allowed is compared with all sequences.
        compared = _differences([both_TBL[number] for number in limited], learned, lengths_B)
        for number, (free_B, _) in zip(limited, compared, strict=True):
            difference_B, is_possible_B = found[number]
            found[number] = torch.where(is_possible_B, difference_B, free_B), is_possible_B
    return [value.masked_fill(~of, 0.0) for (value, _), of in zip(found, is_labelled_B, strict=True)]


def _differences(
    both_TBL: Sequence[Tensor], scores: Sequence[TransitionScores], lengths_B: Tensor
) -> list[tuple[Tensor, Tensor]]:
    """Of each task the first half of the sentences less the second, (B,), and which of these have any sequence."""
    if len(both_TBL) == 1:
        partitions = [log_partition(both_TBL[0], lengths_B.repeat(2), scores[0])]
    else:
        both_TMBL = padded_stack(both_TBL, FORBIDDEN).transpose(0, 1)
        together = TransitionScores.side_by_side(scores)
        partitions = list(log_partition(both_TMBL, lengths_B.repeat(2), together).unbind())
    halves = [partition_B.chunk(2) for partition_B in partitions]
    return [(agreeing_B - all_B, agreeing_B > FORBIDDEN / 2) for agreeing_B, all_B in halves]


def _all_possible(found: Sequence[tuple[Tensor, Tensor]]) -> bool:
    """Whether there is nothing to compare with all sequences; elsewhere than on a CPU nobody waits for the answer."""
    return found[0][1].device.type == "cpu" and all(bool(is_possible_B.all()) for _, is_possible_B in found)


def _agreeing_and_all(chain: Chain, lengths_B: Tensor) -> tuple[Tensor, Tensor]:
    """Emissions (T, 2B, L), in the first half only the given labels allowed, and which sentences have any (B,)."""
    emissions_TBL = chain.emissions.transpose(0, 1)
    labels_TB = chain.labels.t()
    is_token_TB = torch.arange(len(emissions_TBL), device=lengths_B.device)[:, None] < lengths_B
    is_labelled_TB = (labels_TB != IGNORED) & is_token_TB
    given_TB1 = labels_TB.masked_fill(~is_labelled_TB, 0)[..., None]
    # Raises for an id that is no label.
    is_given_TBL = torch.zeros_like(emissions_TBL, dtype=torch.bool).scatter(-1, given_TB1, True)
    other_TBL = is_labelled_TB[..., None] & ~is_given_TBL
    agreeing_TBL = emissions_TBL.masked_fill(other_TBL, FORBIDDEN)
    return torch.cat((agreeing_TBL, emissions_TBL), dim=1), is_labelled_TB.any(dim=0)
