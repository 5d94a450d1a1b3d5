"""A sharing architecture as data: which entries of α and β are learned, tied or fixed, and where they start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .alpha_entries import FIXED, lay_out
from .initial_values import initial_alpha, initial_beta, num_units
from .presets import PRESETS

if TYPE_CHECKING:
    from .configuration_sluice import SluiceConfig


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
        beta: (M, K); every task reads a layer at least.
        penalty: a key of ``penalties.PENALTIES``, or None.
    """

    task_networks: tuple[int, ...]
    alpha: MixingTable
    beta: MixingTable
    penalty: str | None = None


def sharing_table(config: SluiceConfig) -> SharingTable:
    """The sharing architecture that a configuration describes.

    Raises:
        ValueError: ``alpha_init`` or ``beta_init`` is of the wrong shape.
    """
    return SharingTable(config.networks_read(), _alpha(config), _beta(config), PRESETS[config.sharing].penalty)


def starting_alpha(config: SluiceConfig) -> np.ndarray:
    """What ``alpha_init`` says of every entry, (K, N·S, N·S).

    Where no parameter tells subspaces apart, ``alpha_init`` may be of networks; it holds between all their subspaces.

    Raises:
        ValueError: it is of the wrong shape.
    """
    init, layers, networks, subspaces = (
        config.alpha_init, config.num_layers, config.num_networks, config.num_subspaces
    )  # fmt: skip
    of_networks = PRESETS[config.sharing].learns_alpha_between_networks_only
    if not of_networks or num_units(init) == networks * subspaces:
        return initial_alpha(init, layers, networks, subspaces)
    return initial_alpha(init, layers, networks, 1).repeat(subspaces, axis=1).repeat(subspaces, axis=2)


def _alpha(config: SluiceConfig) -> MixingTable:
    rules = PRESETS[config.sharing].alpha
    slots, fixed = lay_out(rules, config.num_layers, config.num_networks, config.num_subspaces)
    return MixingTable(slots, np.where(np.isnan(fixed), starting_alpha(config), fixed).astype(np.float32))


def _beta(config: SluiceConfig) -> MixingTable:
    connection = config.layer_connection
    num_tasks, num_layers = len(config.tasks), config.num_layers
    rule = PRESETS[config.sharing].beta
    values = np.ones((num_tasks, num_layers))
    if connection == "mixture" and rule in ("learned", "given"):
        values = initial_beta(config.beta_init, num_tasks, num_layers)
        if rule == "learned":
            return MixingTable(np.arange(values.size).reshape(values.shape), values.astype(np.float32))
    elif connection in ("mixture", "last"):
        layers_of_tasks = config.task_layers or {}
        read_M = np.array([layers_of_tasks.get(name, num_layers) for name in config.task_names])
        values = np.arange(1, num_layers + 1) == read_M[:, None]
    return MixingTable(np.full(values.shape, FIXED), values.astype(np.float32))
