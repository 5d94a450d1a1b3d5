"""A process that works by itself."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from torch import Tensor, nn


class OneProcess:
    """Stands where an ``Accelerator`` does, for work that a process does alone, though others may run beside it.

    It computes in the number format of the parameters (float32): there is no mixed precision.

    Args:
        device: where.
    """

    def __init__(self, device: torch.device | str = "cpu") -> None:
        self.device = torch.device(device)
        self.process_index = 0
        self.num_processes = 1
        self.is_main_process = True

    def backward(self, loss: Tensor) -> None:
        """Adds the gradients of a loss to the parameters' ``grad``."""
        loss.backward()

    def clip_grad_norm_(self, parameters: Iterable[Tensor], max_norm: float) -> Tensor:
        """Shortens gradients whose common norm is larger than ``max_norm``; returns that norm."""
        return torch.nn.utils.clip_grad_norm_(parameters, max_norm)

    def no_sync(self, model: nn.Module) -> AbstractContextManager[None]:  # noqa: ARG002 - nobody to wait for
        """Nothing."""
        return nullcontext()

    def reduce(self, tensor: Tensor, reduction: str) -> Tensor:  # noqa: ARG002 - the sum and the mean of one
        """The tensor."""
        return tensor

    def unwrap_model(self, model: nn.Module) -> nn.Module:
        """The model."""
        return model
