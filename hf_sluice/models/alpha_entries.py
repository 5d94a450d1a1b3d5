"""Rules that say what stands at the entries of α: a parameter, alone or tied to others, or a fixed value.

An entry is weighted from source network n, subspace r to target network m, subspace s, after layer k.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = Literal["own", "aligned", "shared", "outer"]

EVEN: Literal["even"] = "even"
GIVEN: Literal["given"] = "given"
FIXED = -1

_INDICES = "kmsnr"


@dataclass(frozen=True)
class Entries:
    """What stands at some entries of α, learned unless ``fixed`` says otherwise.

    Args:
        where: what all of these entries have in common; nothing for all entries. ``own``: within a network (m = n);
            ``aligned``: between subspaces of one number (s = r); ``shared``: between subspaces that are not the first
            of their networks; ``outer``: after the last layer.
        fixed: the value for good; ``even`` for one over the number of a row's entries, ``given`` for what
            ``alpha_init`` says.
        one_per: where learned, the indices of which every combination has a parameter of its own; entries that differ
            in the others alone are tied.
    """

    where: tuple[Place, ...] = ()
    fixed: float | Literal["even", "given"] | None = None
    one_per: str = _INDICES

    @property
    def is_learned(self) -> bool:
        """Whether there are parameters."""
        return self.fixed is None


def lay_out(
    rules: Sequence[Entries], num_layers: int, num_networks: int, num_subspaces: int
) -> tuple[np.ndarray, np.ndarray]:
    """Applies rules to α, later ones on top of earlier ones.

    Args:
        rules: the first one for all entries.
        num_layers: K.
        num_networks: N.
        num_subspaces: S.

    Returns:
        For each entry the number of its parameter or −1, and its fixed value, NaN where ``alpha_init`` has the say,
        both (K, N·S, N·S).
    """
    shape = (num_layers, num_networks, num_subspaces, num_networks, num_subspaces)
    units = num_networks * num_subspaces
    keys, values = np.full(shape, FIXED), np.full(shape, np.nan)
    for position, rule in enumerate(rules):
        chosen = _chosen(rule.where, shape)
        if rule.is_learned:
            keys[chosen] = (_combinations(rule.one_per, shape) + position * keys.size)[chosen]
            values[chosen] = np.nan
        else:
            keys[chosen] = FIXED
            values[chosen] = _fixed_value(rule.fixed, units)
    return _numbered(keys).reshape(-1, units, units), values.reshape(-1, units, units)


def _fixed_value(fixed: float | Literal["even", "given"] | None, units: int) -> float | None:
    if fixed == EVEN:
        return 1 / units
    return np.nan if fixed == GIVEN else fixed


def _chosen(where: Sequence[Place], shape: tuple[int, ...]) -> np.ndarray:
    k, m, s, n, r = np.indices(shape, sparse=True)
    places = {"own": m == n, "aligned": s == r, "shared": (s > 0) & (r > 0), "outer": k == shape[0] - 1}
    chosen = np.ones(shape, dtype=bool)
    for place in where:
        chosen &= places[place]
    return chosen


def _combinations(indices: str, shape: tuple[int, ...]) -> np.ndarray:
    """A number for each combination of some indices."""
    kept = [i if name in indices else np.zeros_like(i) for name, i in zip(_INDICES, np.indices(shape), strict=True)]
    return np.ravel_multi_index(kept, shape)


def _numbered(keys: np.ndarray) -> np.ndarray:
    """The keys' ranks, from 0 on, in their place."""
    slots = np.full(keys.shape, FIXED)
    learned = keys != FIXED
    slots[learned] = np.unique(keys[learned], return_inverse=True)[1]
    return slots
