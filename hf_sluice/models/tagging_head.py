"""From a task's state to its loss and its predictions: one head per decoder, behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from .crf import LinearChainCrf
from .tagging_loss import per_item, tagging_loss
from .transition_scores import TransitionScores, at_least_single
from .viterbi import best_labels

if TYPE_CHECKING:
    from .transitions import AllowedTransitions


class TaggingHead(nn.Module):
    """One unit per label, with a softmax for each token; before it one tanh layer, or nothing.

    Args:
        input_size: width of the task's state, D.
        hidden_size: units of the tanh layer; None for a head without it.
        num_outputs: L, or 1 for regression.
    """

    def __init__(self, input_size: int, hidden_size: int | None, num_outputs: int) -> None:
        super().__init__()
        self.dense = None if hidden_size is None else nn.Linear(input_size, hidden_size)
        self.output = nn.Linear(input_size if hidden_size is None else hidden_size, num_outputs)

    def forward(self, state_BTD: Tensor) -> Tensor:
        """(…, D) → (…, L)."""
        return self.output(state_BTD if self.dense is None else torch.tanh(self.dense(state_BTD)))

    def loss(
        self,
        logits_BTL: Tensor,
        labels_BT: Tensor,
        attention_mask: Tensor | None = None,  # noqa: ARG002
        num_items: float | Tensor | None = None,
    ) -> Tensor:
        """How far predictions are from labels.

        Args:
            logits_BTL: what the head made of a state.
            labels_BT: label ids, int64, or for regression values of any type; −100 marks a token without a label.
            attention_mask: 1 for tokens, 0 for padding on the right (B, T); by default there is no padding.
            num_items: what to divide the sum by, positive; by default the number of labelled tokens. Processes that
                share a batch pass the number over all of them.

        Returns:
            A scalar; 0 where no token is labelled.
        """
        return tagging_loss(logits_BTL, labels_BT, num_items)

    @torch.no_grad()
    def decode(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """Predictions (B, T): label ids, int64, or for regression numbers; what stands at padding means nothing."""
        return logits_BTL.argmax(dim=-1)

    def decoding_scores(self) -> TransitionScores | None:
        """What decoding adds to logits for transitions between labels; None where each token stands by itself."""
        return None

    def log_probabilities(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """Log-probability (B, T, L) of each label of each token; what stands at padding means nothing."""
        return at_least_single(logits_BTL).log_softmax(dim=-1)


class RegressionHead(TaggingHead):
    """One unit, the number predicted for a token; the loss is the squared error.

    Args:
        input_size: width of the task's state, D.
        hidden_size: units of the tanh layer; None for a head without it.
    """

    def __init__(self, input_size: int, hidden_size: int | None) -> None:
        super().__init__(input_size, hidden_size, num_outputs=1)

    def loss(
        self,
        logits_BTL: Tensor,
        labels_BT: Tensor,
        attention_mask: Tensor | None = None,  # noqa: ARG002
        num_items: float | Tensor | None = None,
    ) -> Tensor:
        """Squared error, with the arguments of :meth:`TaggingHead.loss`."""
        return tagging_loss(logits_BTL, labels_BT, num_items, regression=True)

    @torch.no_grad()
    def decode(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """The numbers (B, T), in single precision."""
        return logits_BTL.squeeze(-1).float()


class ConstrainedHead(TaggingHead):
    """A softmax for each token, as in training, of which the most probable *well-formed* sequence is predicted.

    Args:
        input_size: width of the task's state, D.
        hidden_size: units of the tanh layer; None for a head without it.
        allowed: what the task's tagging scheme allows.
    """

    def __init__(self, input_size: int, hidden_size: int | None, allowed: AllowedTransitions) -> None:
        super().__init__(input_size, hidden_size, len(allowed.start))
        self._allowed = allowed

    @torch.no_grad()
    def decode(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Label ids (B, T), int64, of which none may not follow the one before."""
        # The softmax's denominators are the same for all sequences of a sentence.
        emissions_BTL = at_least_single(logits_BTL)
        return best_labels(emissions_BTL, attention_mask, self._scores_for(emissions_BTL))

    def decoding_scores(self) -> TransitionScores:
        """0 for what is allowed."""
        return self._scores_for(at_least_single(self.output.bias.detach()))

    def _scores_for(self, emissions: Tensor) -> TransitionScores:
        return TransitionScores.indifferent(emissions).within(self._allowed)


class CrfHead(TaggingHead):
    """A linear-chain CRF over the units' scores.

    Args:
        input_size: width of the task's state, D.
        hidden_size: units of the tanh layer; None for a head without it.
        num_outputs: L.
        allowed: what the task's tagging scheme allows, where nothing else shall ever be predicted; training then
            knows well-formed sequences only.
    """

    def __init__(
        self, input_size: int, hidden_size: int | None, num_outputs: int, allowed: AllowedTransitions | None = None
    ) -> None:
        super().__init__(input_size, hidden_size, num_outputs)
        self.crf = LinearChainCrf(num_outputs, allowed)

    def loss(
        self,
        logits_BTL: Tensor,
        labels_BT: Tensor,
        attention_mask: Tensor | None = None,
        num_items: float | Tensor | None = None,
    ) -> Tensor:
        """Negative log-likelihood of the sentences, with the arguments of :meth:`TaggingHead.loss`.

        The sum over the sentences is divided by the same number of *tokens*, which keeps it on the scale of a
        cross-entropy: where all transitions are 0 it is the cross-entropy.
        """
        total = -self.crf.log_likelihood(logits_BTL, labels_BT, attention_mask).sum()
        return per_item(total, labels_BT, num_items)

    @torch.no_grad()
    def decode(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """The most probable label ids (B, T), int64."""
        return self.crf.decode(logits_BTL, attention_mask)

    def decoding_scores(self) -> TransitionScores:
        """The learned scores, within what is allowed."""
        return self.crf.decoding_scores()

    def log_probabilities(self, logits_BTL: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        """Log-probability (B, T, L) of each label of each token over all sequences: the marginal, without gradient."""
        return self.crf.log_marginals(logits_BTL, attention_mask)
