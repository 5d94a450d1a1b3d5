"""α and β of a learned architecture for a model of other tasks.

Shape letters: M tasks, N networks, K layers, S subspaces.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from .alpha_entries import FIXED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .learned_mixing import LearnedMixing
    from .sharing_table import MixingTable, SharingTable

    # For each network, or task, of the new model the one whose place it takes; None where it is new.
    Places = Sequence[int | None]


def transferred_alpha(
    mixing: LearnedMixing, networks: Places, table: SharingTable, *, listen_to_new: bool
) -> np.ndarray:
    """α between networks that take the place of others, and new ones.

    - Between networks that have a place: what stood there. Where several networks take the place of one, what was drawn
      from it is divided evenly among them: as long as these have the same weights, everything is computed as before.
    - A new network draws from all others as the preset has it at the start.
    - From a new network the others draw as the preset has it at the start, or nothing.
    - Of entries that are tied to each other, those that have no place follow those that have one.

    Args:
        mixing: the learned architecture, of N' networks.
        networks: for each new network the place that it takes.
        table: of a fresh model with these networks.
        listen_to_new: whether networks with a place draw from new ones.

    Returns:
        (K, N·S, N·S), float32.
    """
    subspaces = mixing.num_subspaces
    is_known_N = np.array([network is not None for network in networks])
    places_N = np.array([0 if network is None else network for network in networks])
    times = Counter(network for network in networks if network is not None)
    shares_N = np.array([1.0 if network is None else 1 / times[network] for network in networks])
    units = (places_N[:, None] * subspaces + np.arange(subspaces)).ravel()
    is_known, shares = is_known_N.repeat(subspaces), shares_N.repeat(subspaces)
    moved = (mixing.alpha[:, units][:, :, units] * shares).astype(np.float32)
    fresh = _start(table.alpha)
    if not listen_to_new:
        fresh[:, is_known[:, None] & ~is_known] = 0
    has_place = np.broadcast_to(is_known[:, None] & is_known, fresh.shape)
    return _follow(np.where(has_place, moved, fresh), has_place, table.alpha.slots)


def transferred_beta(mixing: LearnedMixing, tasks: Places, table: SharingTable) -> np.ndarray:
    """β: the row of the task whose place a task takes, or what the preset has at the start; (M, K), float32."""
    fresh = _start(table.beta)
    return np.stack([fresh[row] if place is None else mixing.beta[place] for row, place in enumerate(tasks)])


def _start(table: MixingTable) -> np.ndarray:
    """The values that a fresh model has."""
    if not table.num_free:
        return table.values.copy()
    return np.where(table.slots == FIXED, table.values, table.initial_free()[table.slots])


def _follow(values: np.ndarray, has_place: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Gives entries without a place the mean of the entries with one that they are tied to, where there are any."""
    known = has_place & (slots != FIXED)
    size = int(slots.max(initial=FIXED)) + 1
    counts = np.bincount(slots[known], minlength=size)
    means = np.bincount(slots[known], weights=values[known], minlength=size) / np.maximum(counts, 1)
    follows = ~has_place & (slots != FIXED)
    follows[follows] = counts[slots[follows]] > 0
    values = values.copy()
    values[follows] = means[slots[follows]]
    return values
