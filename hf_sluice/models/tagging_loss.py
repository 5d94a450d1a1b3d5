"""How far the predictions for single tokens are from their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional

if TYPE_CHECKING:
    from torch import Tensor

IGNORED = -100


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
    if regression:
        total = (logits_BTL.squeeze(-1) - labels_BT).square().masked_fill(labels_BT == IGNORED, 0.0).sum()
    else:
        total = functional.cross_entropy(
            logits_BTL.flatten(0, 1), labels_BT.flatten(), ignore_index=IGNORED, reduction="sum"
        )
    return per_item(total, labels_BT, num_items)


def per_item(total: Tensor, labels_BT: Tensor, num_items: float | Tensor | None) -> Tensor:
    """A sum over tokens, or over sentences, divided by ``num_items``, by default the number of labelled tokens."""
    return total / ((labels_BT != IGNORED).sum().clamp(min=1) if num_items is None else num_items)
