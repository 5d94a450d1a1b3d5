"""A linear-chain conditional random field (Lafferty, McCallum & Pereira 2001) over the labels of a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .chain_likelihood import Chain, log_likelihoods
from .label_marginals import log_marginals
from .padded_stack import padded_stack
from .transition_scores import FORBIDDEN, TransitionScores, at_least_single
from .viterbi import best_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

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
            lengths_B = lengths_of(emissions_BTL, attention_mask)
            return log_likelihoods([self.chain(emissions_BTL, labels_BT)], lengths_B)[0]

    def chain(self, emissions_BTL: Tensor, labels_BT: Tensor) -> Chain:
        """What a likelihood needs, so that those of several tasks can be computed together."""
        return Chain(at_least_single(emissions_BTL), labels_BT, self._scores(), self._allowed)

    @torch.no_grad()
    def decode(self, emissions_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """The most probable label ids (B, T) of the same arguments, int64; 0 at padding."""
        return best_labels(at_least_single(emissions_BTL), attention_mask, self.decoding_scores())

    def log_marginals(self, emissions_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Log-probability (B, T, L) of each label of each token, whatever the sentence's other labels; no gradient.

        See :func:`joint_log_marginals`.
        """
        return joint_log_marginals([self], [emissions_BTL], attention_mask)[0]

    def decoding_scores(self) -> TransitionScores:
        """What decoding adds to emissions: the learned scores, ``FORBIDDEN`` where a transition is not allowed."""
        scores = self._scores()
        return scores if self._allowed is None else scores.within(self._allowed)

    def _scores(self) -> TransitionScores:
        return TransitionScores(*map(at_least_single, (self.transitions, self.start, self.end)))


def joint_log_marginals(
    crfs: Sequence[LinearChainCrf], emissions_BTL: Sequence[Tensor], attention_mask: Tensor | None = None
) -> list[Tensor]:
    """:meth:`LinearChainCrf.log_marginals` of several tasks in one recursion over time.

    In double precision where the device has it: the sums over a long sentence's beginnings grow with its length, and
    single precision would leave few digits of their differences.

    Args:
        crfs: of the tasks.
        emissions_BTL: of each.
        attention_mask: of the batch.
    """
    first = emissions_BTL[0]
    with torch.no_grad(), torch.autocast(first.device.type, enabled=False):
        widest = torch.float32 if first.device.type == "mps" else torch.float64
        lengths_B = lengths_of(first, attention_mask)
        scores = [TransitionScores(*(each.to(widest) for each in crf.decoding_scores())) for crf in crfs]
        together_TMBL = padded_stack([values.to(widest) for values in emissions_BTL], FORBIDDEN).movedim(2, 0)
        marginals_TMBL = log_marginals(together_TMBL, lengths_B, TransitionScores.side_by_side(scores))
    of_tasks = zip(marginals_TMBL.unbind(1), emissions_BTL, strict=True)
    return [marginals_TBL[..., : values.shape[-1]].transpose(0, 1) for marginals_TBL, values in of_tasks]


def lengths_of(emissions_BTL: Tensor, attention_mask: Tensor | None) -> Tensor:
    """Number of tokens of each sentence, (B,)."""
    if attention_mask is None:
        return torch.full(emissions_BTL.shape[:1], emissions_BTL.shape[1], device=emissions_BTL.device)
    return attention_mask.sum(dim=1)
