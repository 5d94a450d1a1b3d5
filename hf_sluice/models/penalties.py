"""The penalties Ω that a sharing preset may add to the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .group_lasso import group_lasso_penalty
from .orthogonality import orthogonality_penalty

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

# Each takes the input weights of a layer, (N, 2, 4H, D), and S. ``<name>_weight`` is its field in the configuration.
PENALTIES: dict[str, Callable[[Tensor, int], Tensor]] = {
    "orthogonality": orthogonality_penalty,
    "group_lasso": group_lasso_penalty,
}
