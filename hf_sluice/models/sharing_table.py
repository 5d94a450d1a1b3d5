"""A sharing architecture as data: which entries of α and β are learned, tied or fixed, and where they start.

A preset is a row of :data:`PRESETS`; nothing else in the package asks for a preset's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .initial_values import initial_alpha, initial_beta

if TYPE_CHECKING:
    from .configuration_sluice import SluiceConfig

FIXED = -1


@dataclass(frozen=True)
class MixingTable:
    """One weight tensor whose entries are free parameters or fixed values.

    Args:
        slots: for each entry the number of the free parameter that stands there, or −1 where the value is fixed.
            Entries with the same number are tied.
        values: for each entry its fixed or initial value, float32.
    """

    slots: np.ndarray
    values: np.ndarray

    @property
    def num_free(self) -> int:
        """Number of free parameters."""
        return int(self.slots.max(initial=FIXED)) + 1

    def initial_free(self) -> np.ndarray:
        """Initial value of each free parameter: the mean over the entries tied to it, (F,)."""
        free = self.slots >= 0
        counts = np.bincount(self.slots[free], minlength=self.num_free)
        totals = np.bincount(self.slots[free], weights=self.values[free], minlength=self.num_free)
        return (totals / counts).astype(np.float32)

    def may_be_nonzero(self) -> np.ndarray:
        """Entries that are not zero for good, bool."""
        return np.asarray((self.slots >= 0) | (self.values != 0))


@dataclass(frozen=True)
class SharingTable:
    """A whole sharing architecture before training.

    Args:
        task_networks: for each task the network whose output its head reads.
        alpha: (K, N·S, N·S), row = target (n, s), column = source.
        beta: (M, K).
        penalised: whether the orthogonality penalty applies.
    """

    task_networks: tuple[int, ...]
    alpha: MixingTable
    beta: MixingTable
    penalised: bool

    @property
    def num_networks(self) -> int:
        """N."""
        return max(self.task_networks) + 1


@dataclass(frozen=True)
class Preset:
    """A row of the table of presets (Ruder et al. 2019, "Prior Work as Instances of Sluice Networks").

    Args:
        one_network: one network serves all tasks instead of one each.
        learns_alpha: every entry of α is a free parameter; otherwise α is the identity.
        learns_beta: every entry of β is a free parameter; otherwise the last layer alone is read.
        penalised: whether the orthogonality penalty applies.
        max_tasks: the largest number of tasks that the preset is defined for.
    """

    one_network: bool = False
    learns_alpha: bool = False
    learns_beta: bool = False
    penalised: bool = False
    max_tasks: int | None = None


PRESETS: dict[str, Preset] = {
    "sluice": Preset(learns_alpha=True, learns_beta=True, penalised=True),
    "hard_sharing": Preset(one_network=True),
    "single_task": Preset(max_tasks=1),
}


def sharing_table(config: SluiceConfig) -> SharingTable:
    """The sharing architecture that a configuration describes.

    Raises:
        ValueError: ``alpha_init`` or ``beta_init`` is of the wrong shape.
    """
    preset = PRESETS[config.sharing]
    num_tasks = len(config.tasks)
    networks = (0,) * num_tasks if preset.one_network else tuple(range(num_tasks))
    num_networks = len(set(networks))
    units = num_networks * config.num_subspaces
    if preset.learns_alpha:
        alpha = _all_free(initial_alpha(config.alpha_init, config.num_layers, num_networks, config.num_subspaces))
    else:
        alpha = _all_fixed(np.broadcast_to(np.eye(units), (config.num_layers, units, units)))
    if preset.learns_beta and config.layer_connection == "mixture":
        beta = _all_free(initial_beta(config.beta_init, num_tasks, config.num_layers))
    else:
        beta = _all_fixed(_fixed_beta(config.layer_connection, num_tasks, config.num_layers))
    return SharingTable(networks, alpha, beta, preset.penalised)


def _fixed_beta(layer_connection: str, num_tasks: int, num_layers: int) -> np.ndarray:
    beta_MK = np.ones((num_tasks, num_layers))
    if layer_connection != "skip":
        beta_MK[:, :-1] = 0
    return beta_MK


def _all_free(values: np.ndarray) -> MixingTable:
    return MixingTable(np.arange(values.size).reshape(values.shape), values.astype(np.float32))


def _all_fixed(values: np.ndarray) -> MixingTable:
    return MixingTable(np.full(values.shape, FIXED), values.astype(np.float32))
