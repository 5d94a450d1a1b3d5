"""A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) over the labels of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .label_marginals import log_marginals
from .log_partition import log_partition
from .tagging_loss import IGNORED
from .transition_scores import FORBIDDEN, TransitionScores, at_least_single
from .viterbi import best_labels

if TYPE_CHECKING:
    from .transitions import AllowedTransitions


class LinearChainCrf(nn.Module):
    """A distribution over the label sequences of a sentence.

    ``transitions`` (L, L; row = label before, column = label after), ``start`` (L,) and ``end`` (L,) are learned. They
    start at zero, where the labels of a sentence are independent of each other. All is computed in single precision at
    least, also under autocast.

    Args:
        num_labels: L.
        allowed: gives all other sequences the probability 0; by default every sequence is possible. What is not
            allowed follows from the labels, is never learned and not saved.
    """

    def __init__(self, num_labels: int, allowed: AllowedTransitions | None = None) -> None:
        super().__init__()
        self._allowed = allowed
        self.transitions = nn.Parameter(torch.zeros(num_labels, num_labels))
        self.start = nn.Parameter(torch.zeros(num_labels))
        self.end = nn.Parameter(torch.zeros(num_labels))

    def log_likelihood(self, emissions_BTL: Tensor, labels_BT: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Log-probability that a sentence has its labels, whatever its unlabelled tokens have.

        So tokens without a label are summed over: log Σ exp(score) over the sequences that agree with the labels, less
        the same over all sequences. A sentence whose labels are not allowed, and which nothing could make likely, is
        compared with all sequences, the others too: its labels still teach, and the value stays finite.

        Args:
            emissions_BTL: scores of the labels.
            labels_BT: label ids, int64; −100 marks a token without a label.
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.

        Returns:
            (B,), at most 0; exactly 0, without a gradient, for a sentence without any label.
        """
        with torch.autocast(emissions_BTL.device.type, enabled=False):
            emissions_TBL = at_least_single(emissions_BTL).transpose(0, 1)
            lengths_B = _lengths(emissions_BTL, attention_mask)
            agreeing_TBL, is_labelled_B = _agreeing(emissions_TBL, labels_BT, lengths_B)
            both, scores = torch.cat((agreeing_TBL, emissions_TBL), dim=1), self._scores()
            return _difference(both, lengths_B, scores, self._allowed).masked_fill(~is_labelled_B, 0.0)

    @torch.no_grad()
    def decode(self, emissions_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """The most probable label ids (B, T) of the same arguments, int64; 0 at padding."""
        return best_labels(at_least_single(emissions_BTL), attention_mask, self.decoding_scores())

    def log_marginals(self, emissions_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Log-probability (B, T, L) of each label of each token, whatever the sentence's other labels; no gradient.

        In double precision where the device has it: the sums over a long sentence's beginnings grow with its length,
        and single precision would leave few digits of their differences.
        """
        with torch.no_grad(), torch.autocast(emissions_BTL.device.type, enabled=False):
            widest = torch.float32 if emissions_BTL.device.type == "mps" else torch.float64
            scores = TransitionScores(*(each.to(widest) for each in self.decoding_scores()))
            lengths_B = _lengths(emissions_BTL, attention_mask)
            return log_marginals(emissions_BTL.to(widest).transpose(0, 1), lengths_B, scores).transpose(0, 1)

    def decoding_scores(self) -> TransitionScores:
        """What decoding adds to emissions: the learned scores, ``FORBIDDEN`` where a transition is not allowed."""
        scores = self._scores()
        return scores if self._allowed is None else scores.within(self._allowed)

    def _scores(self) -> TransitionScores:
        return TransitionScores(*map(at_least_single, (self.transitions, self.start, self.end)))


def _difference(
    both_TBL: Tensor, lengths_B: Tensor, scores: TransitionScores, allowed: AllowedTransitions | None
) -> Tensor:
    """First half of the sentences less the second: (B,)."""
    lengths_of_both = lengths_B.repeat(2)
    if allowed is None:
        agreeing_B, all_B = log_partition(both_TBL, lengths_of_both, scores).chunk(2)
        return agreeing_B - all_B
    agreeing_B, all_B = log_partition(both_TBL, lengths_of_both, scores.within(allowed)).chunk(2)
    is_possible_B = agreeing_B > FORBIDDEN / 2
    difference_B = agreeing_B - all_B
    if bool(is_possible_B.all()):
        return difference_B
    return torch.where(is_possible_B, difference_B, _difference(both_TBL, lengths_B, scores, None))


def _agreeing(emissions_TBL: Tensor, labels_BT: Tensor, lengths_B: Tensor) -> tuple[Tensor, Tensor]:
    """The emissions with all labels but the given ones forbidden, and which sentences have any given (B,)."""
    is_token_TB = torch.arange(len(emissions_TBL), device=lengths_B.device)[:, None] < lengths_B
    is_labelled_TB = (labels_BT.t() != IGNORED) & is_token_TB
    given_TB1 = labels_BT.t().masked_fill(~is_labelled_TB, 0)[..., None]
    # Raises for an id that is no label.
    is_given_TBL = torch.zeros_like(emissions_TBL, dtype=torch.bool).scatter(-1, given_TB1, True)
    other_TBL = is_labelled_TB[..., None] & ~is_given_TBL
    return emissions_TBL.masked_fill(other_TBL, FORBIDDEN), is_labelled_TB.any(dim=0)


def _lengths(emissions_BTL: Tensor, attention_mask: Tensor | None) -> Tensor:
    if attention_mask is None:
        return torch.full(emissions_BTL.shape[:1], emissions_BTL.shape[1], device=emissions_BTL.device)
    return attention_mask.sum(dim=1)
