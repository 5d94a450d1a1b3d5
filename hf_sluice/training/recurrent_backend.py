"""The recurrent backend of a model in training: whether it is possible, and which it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.errors import RecipeError
from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from hf_sluice.models.recurrent_backends import choose_backend

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch
    from torch import nn


def check_recurrent_backend(model: nn.Module, device: torch.device) -> None:
    """Sees to it that the layers of a model can be computed as its configuration says.

    Raises:
        RecipeError: not on this device.
    """
    for layer in _recurrent_layers(model):
        try:
            choose_backend(layer.backend, device, layer.weight_hh.dtype, layer.hidden_size)
        except ValueError as error:
            raise RecipeError(f"model.{error}") from None


def used_backends(model: nn.Module) -> list[str]:
    """What computed the layers of a model when they were last used, without repetition, in alphabetical order."""
    return sorted({layer.used_backend for layer in _recurrent_layers(model) if layer.used_backend is not None})


def _recurrent_layers(model: nn.Module) -> Iterator[ParallelBiLSTM]:
    return (module for module in model.modules() if isinstance(module, ParallelBiLSTM))
