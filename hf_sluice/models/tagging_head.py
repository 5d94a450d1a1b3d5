"""From a task's state to its predictions."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

IGNORED = -100


class TaggingHead(nn.Module):
    """A task's MLP: one tanh layer, then one unit per label, or a single one for regression.

    Args:
        input_size: width of the task's state, 2H.
        hidden_size: units of the tanh layer.
        num_outputs: L, or 1 for regression.
    """

    def __init__(self, input_size: int, hidden_size: int, num_outputs: int) -> None:
        super().__init__()
        self.dense = nn.Linear(input_size, hidden_size)
        self.output = nn.Linear(hidden_size, num_outputs)

    def forward(self, state_TBH: Tensor) -> Tensor:
        """(…, 2H) → (…, L)."""
        return self.output(torch.tanh(self.dense(state_TBH)))


def tagging_loss(
    logits_BTL: Tensor, labels_BT: Tensor, num_items: float | Tensor | None = None, *, regression: bool = False
) -> Tensor:
    """Cross-entropy, or squared error for regression, over the labelled tokens.

    Args:
        logits_BTL: predictions; L = 1 for regression.
        labels_BT: label ids, int64, or for regression values of any type; −100 marks a token without a label.
        num_items: what to divide the sum by, positive; by default the number of labelled tokens. Processes that share
            a batch pass the number over all of them.
        regression: whether the labels are values, even if they are whole numbers.

    Returns:
        A scalar; 0 where no token is labelled.
    """
    labelled_BT = labels_BT != IGNORED
    if regression:
        total = (logits_BTL.squeeze(-1) - labels_BT).square().masked_fill(~labelled_BT, 0.0).sum()
    else:
        total = functional.cross_entropy(
            logits_BTL.flatten(0, 1), labels_BT.flatten(), ignore_index=IGNORED, reduction="sum"
        )
    return total / (labelled_BT.sum().clamp(min=1) if num_items is None else num_items)
