"""Gradients that are written by hand, of which no further gradient is to be had."""

from __future__ import annotations

import torch


def refuse_further_gradients(what: str) -> None:
    """To be called first in the backward pass of such a function.

    ``once_differentiable`` would let pass what reaches the function's inputs by another way than the gradient of its
    output, and second derivatives would lack a part.

    Args:
        what: the function's name in the message.

    Raises:
        RuntimeError: a graph of the backward pass is asked for, ``create_graph=True``.
    """
    if torch.is_grad_enabled():
        raise RuntimeError(f"{what}: the gradient of its gradient is not known; leave out create_graph=True")
