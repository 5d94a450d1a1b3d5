"""Types of numbers that a recurrence is computed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from .lstm_weights import LstmWeights


def computing_dtype(device: torch.device, weights: LstmWeights) -> torch.dtype:
    """What products are made of: what autocast asks for, else the type of the weights."""
    if torch.is_autocast_enabled(device.type) and weights.weight_hh.dtype != torch.float64:
        return torch.get_autocast_dtype(device.type)
    return weights.weight_hh.dtype


def state_dtype(dtype: torch.dtype) -> torch.dtype:
    """What cells are kept in: half precision would lose what a long sentence adds to them."""
    return torch.promote_types(dtype, torch.float32)
