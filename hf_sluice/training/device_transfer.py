"""The way of a batch to the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor


def on_device(value: Tensor, device: torch.device) -> Tensor:
    """A tensor of the CPU where it is needed.

    To a GPU it goes by way of pinned memory: the program does not wait for the copy, and prepares the next batch while
    the device is still busy with this one.
    """
    if device.type != "cuda":
        return value.to(device)
    return value.pin_memory().to(device, non_blocking=True)
