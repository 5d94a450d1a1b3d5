"""Optimiser and learning rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from torch import nn

    from hf_sluice.training.settings import TrainingSettings

# Decay pulls towards zero; these have no reason to be there: mixing weights, biases, embeddings.
_UNDECAYED = ("alpha_weights", "beta_weights", "bias", "embedding")
_RHO, _EPSILON = 0.95, 1e-6  # of Adadelta (Zeiler 2012, section 4.1)


def make_optimizer(
    parameters: Iterable[tuple[str, nn.Parameter]], settings: TrainingSettings, beside: Sequence[nn.Parameter] = ()
) -> torch.optim.Optimizer:
    """The optimiser of the settings over all parameters that are trained.

    Args:
        parameters: of the model, with their names.
        settings: how to train them.
        beside: parameters of the objective, which are not decayed.
    """
    named = [(name, p) for name, p in parameters if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [p for name, p in named if not _is_undecayed(name)], "weight_decay": settings.weight_decay},
        {"params": [p for name, p in named if _is_undecayed(name)], "weight_decay": 0.0},
    ]
    if beside:
        groups.append({"params": list(beside), "weight_decay": 0.0})
    if settings.optimizer == "adadelta":  # of which there is no fused kernel
        return torch.optim.Adadelta(groups, lr=settings.learning_rate, rho=_RHO, eps=_EPSILON)
    fused = True if _all_on_gpu(groups) else None  # one launch for all parameters
    if settings.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=fused)
    return torch.optim.SGD(groups, lr=settings.learning_rate, momentum=settings.momentum, fused=fused)


def learning_rate(settings: TrainingSettings, epoch: int, step: int, total_steps: int | None = None) -> float:
    """The learning rate of a step.

    Args:
        settings: where it begins, and how it falls.
        epoch: the epoch, from 0.
        step: the step, from 0.
        total_steps: of all epochs, for schedules that end.
    """
    rate = settings.learning_rate
    if settings.learning_rate_schedule == "inverse_time":
        rate /= 1 + settings.learning_rate_decay * epoch
    else:
        assert total_steps is not None  # noqa: S101 - whoever trains knows it
        rate *= _share_left(settings, step, total_steps)
    return rate * min(1.0, (step + 1) / settings.warmup_steps) if settings.warmup_steps else rate


def _share_left(settings: TrainingSettings, step: int, total_steps: int) -> float:
    """What a schedule that ends leaves of the rate: all until the warm-up is over, nothing after the last step."""
    done = (step - settings.warmup_steps) / max(1, total_steps - settings.warmup_steps)
    done = min(1.0, max(0.0, done))
    return 1 - done if settings.learning_rate_schedule == "linear" else (1 + math.cos(math.pi * done)) / 2


def _all_on_gpu(groups: Iterable[Mapping[str, Any]]) -> bool:
    return all(parameter.is_cuda for group in groups for parameter in group["params"])


def _is_undecayed(name: str) -> bool:
    return any(part in name for part in _UNDECAYED)
