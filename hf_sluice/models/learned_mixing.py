"""The learned sharing of a sluice network, apart from its weights: α and β, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .presets import PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, eq=False)
class LearnedMixing:
    """α and β.

    Args:
        sharing: the preset that they were made by, a key of ``presets.PRESETS``.
        num_subspaces: S.
        layer_connection: how the heads read the layers; with ``mixture`` β says it.
        task_networks: for each task the network that its head reads, counted from 0.
        task_layers: for ``low_supervision`` the layer that each task reads, from 1; None for other presets.
        alpha: (K, N·S, N·S), float32; row = target, column = source.
        beta: (M, K), float32.

    Raises:
        ValueError: an unknown preset, shapes that contradict each other, or a value that is not finite.
    """

    sharing: str
    num_subspaces: int
    layer_connection: str
    task_networks: tuple[int, ...]
    task_layers: Mapping[str, int] | None
    alpha: np.ndarray
    beta: np.ndarray

    def __post_init__(self) -> None:
        if self.sharing not in PRESETS:
            raise ValueError(f"sharing {self.sharing!r} is none of {', '.join(PRESETS)}")
        layers, rows, columns = self.alpha.shape
        if rows != columns or rows % self.num_subspaces:
            raise ValueError(f"alpha should be (layers, units, units) with units of {self.num_subspaces} subspaces")
        if self.beta.shape != (len(self.task_networks), layers):
            raise ValueError(f"beta should be {(len(self.task_networks), layers)}, tasks by layers")
        for name, values in (("alpha", self.alpha), ("beta", self.beta)):
            if not np.isfinite(values).all():
                raise ValueError(f"{name} holds a value that is not finite")
        if any(not 0 <= network < self.num_networks for network in self.task_networks):
            raise ValueError(f"task_networks: each should be a network from 1 to {self.num_networks}")
        self._check_preset()

    def _check_preset(self) -> None:
        preset = PRESETS[self.sharing]
        if preset.one_network and self.num_networks != 1:
            raise ValueError(f"sharing {self.sharing!r} has one network, but alpha is of {self.num_networks}")
        if not (preset.one_network or preset.given_networks or self.has_network_per_task):
            raise ValueError(f"sharing {self.sharing!r} has a network for each task, in their order")
        if (self.task_layers is not None) != (preset.beta == "task_layers"):
            raise ValueError(f"task_layers: does not go with sharing {self.sharing!r}")

    @property
    def num_layers(self) -> int:
        """K."""
        return int(self.alpha.shape[0])

    @property
    def num_networks(self) -> int:
        """N."""
        return int(self.alpha.shape[1]) // self.num_subspaces

    @property
    def has_network_per_task(self) -> bool:
        """Whether there is one network for each task, in the tasks' order."""
        preset = PRESETS[self.sharing]
        return not preset.one_network and self.task_networks == tuple(range(self.num_networks))
