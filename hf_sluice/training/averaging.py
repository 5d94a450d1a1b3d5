"""Averages of parameters over the steps of training, which are evaluated and kept in their place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor, nn


class ParameterAverages:
    """Exponential moving averages of the trained parameters of a model (Polyak & Juditsky 1992, of late steps).

    The average begins with the parameters after the first step. The decay rises from 0.1 to its value, so that the
    beginning is soon forgotten: after t steps it is at most (1 + t) / (10 + t).

    Args:
        model: whose parameters are averaged; it is changed within :meth:`in_place` and by :meth:`put_in_place` alone.
        decay: share of the average that a step leaves, at least 0 and below 1.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self._averages = {name: p.detach().clone() for name, p in self._parameters.items()}
        self._decay = decay

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Takes up the parameters after a step, counted from 0."""
        decay = min(self._decay, (1 + step) / (10 + step)) if step else 0.0
        get_ema_multi_avg_fn(decay)(list(self._averages.values()), list(self._parameters.values()), None)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """While the block runs, the model has the averages; then its parameters again, bit for bit."""
        trained = {name: p.detach().clone() for name, p in self._parameters.items()}
        self.put_in_place()
        try:
            yield
        finally:
            self._set(trained)

    def put_in_place(self) -> None:
        """Gives the model the averages for good."""
        self._set(self._averages)

    def state_dict(self) -> dict[str, Tensor]:
        """The averages, by the names of the parameters."""
        return dict(self._averages)

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Takes up what :meth:`state_dict` gave."""
        for name, average in self._averages.items():
            average.copy_(state[name])

    @torch.no_grad()
    def _set(self, values: Mapping[str, Tensor]) -> None:
        for name, parameter in self._parameters.items():
            parameter.copy_(values[name])
