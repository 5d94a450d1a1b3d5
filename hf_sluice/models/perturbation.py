"""What is done to activations in training only."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Perturbation(nn.Module):
    """Dropout, then Gaussian noise; nothing outside of training.

    The papers' program adds noise with σ = 0.2 to the input and before the heads, and has no dropout.

    Args:
        noise: standard deviation of the noise, at least 0.
        dropout: share of units dropped, in [0, 1).
    """

    def __init__(self, noise: float, dropout: float) -> None:
        super().__init__()
        self.noise = noise
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        """Same shape."""
        if not self.training:
            return x
        if self.dropout:
            x = functional.dropout(x, self.dropout)
        return x + self.noise * torch.randn_like(x) if self.noise else x
