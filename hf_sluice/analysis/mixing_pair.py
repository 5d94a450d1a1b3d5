"""α and β of two sluice networks, of the tasks that both have.

Shape letters: M common tasks, K layers, N networks of these tasks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.analysis.alpha_difference import AlphaDifference, measures
from hf_sluice.evaluation.tables import TextTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hf_sluice.models.learned_mixing import LearnedMixing
    from hf_sluice.models.sharing_architecture import SharingArchitecture


@dataclass(frozen=True, eq=False)
class MixingPair:
    """Two of them.

    Args:
        tasks: the common tasks, at least one.
        a: of the first architecture.
        b: of the second one.
        rows_a: the places of the tasks in the first one.
        rows_b: their places in the second one.
    """

    tasks: tuple[str, ...]
    a: LearnedMixing
    b: LearnedMixing
    rows_a: tuple[int, ...]
    rows_b: tuple[int, ...]

    @classmethod
    def of(cls, a: SharingArchitecture, b: SharingArchitecture, tasks: Sequence[str]) -> MixingPair | None:
        """Those of two architectures; None where one of them has none, or there is no common task."""
        if a.mixing is None or b.mixing is None or not tasks:
            return None
        rows_a, rows_b = (tuple(each.task_names.index(task) for task in tasks) for each in (a, b))
        return cls(tuple(tasks), a.mixing, b.mixing, rows_a, rows_b)

    @property
    def has_same_layers(self) -> bool:
        """Whether β can be compared."""
        return self.a.num_layers == self.b.num_layers

    def why_not_alpha(self) -> str | None:
        """Why there is no entry of α to compare with another, as the end of a sentence; None where there is."""
        if not self.has_same_layers:
            return f"A has {self.a.num_layers} layers, B {self.b.num_layers}"
        if self.a.num_subspaces != self.b.num_subspaces:
            return f"A has {self.a.num_subspaces} subspaces, B {self.b.num_subspaces}"
        if any(len(set(side)) < len(self._networks) for side in zip(*self._networks, strict=True)):
            return "tasks that read one network in one of them read several in the other"
        return None

    def alpha(self) -> AlphaDifference | None:
        """α between the networks that the tasks read; None where it cannot be compared."""
        if self.why_not_alpha() is not None:
            return None
        readers: dict[tuple[int, int], list[str]] = {networks: [] for networks in self._networks}
        for task, networks in zip(self.tasks, self._read, strict=True):
            readers[networks].append(task)
        names = tuple(map(", ".join, readers.values()))
        of_a, of_b = (list(side) for side in zip(*self._networks, strict=True))
        return AlphaDifference(names, _between(self.a, of_a), _between(self.b, of_b))

    def beta_table(self) -> TextTable:
        """β in both, layer by layer, and the largest difference."""
        beta_a, beta_b = self._betas()
        largest_M = np.abs(beta_b - beta_a).max(axis=1)
        rows = tuple(
            (task, *(f"{one:.2f} → {other:.2f}" for one, other in zip(of_a, of_b, strict=True)), f"{largest:.3f}")
            for task, of_a, of_b, largest in zip(self.tasks, beta_a, beta_b, largest_M, strict=True)
        )
        layers = (f"layer {number + 1}" for number in range(self.a.num_layers))
        return TextTable("β: A → B", ("task", *layers, "largest |B − A|"), rows, num_names=1)

    def beta_values(self) -> dict[str, Any]:
        """β in plain values."""
        beta_a, beta_b = self._betas()
        values = zip(self.tasks, beta_a.tolist(), beta_b.tolist(), strict=True)
        return {
            "tasks": {task: {"a": of_a, "b": of_b} for task, of_a, of_b in values},
            "all": measures(beta_a, beta_b),
        }

    def _betas(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self.a.beta[list(self.rows_a)].astype(float), self.b.beta[list(self.rows_b)].astype(float)

    @property
    def _read(self) -> list[tuple[int, int]]:
        """For each task the network that it reads in A and in B."""
        rows = zip(self.rows_a, self.rows_b, strict=True)
        return [(self.a.task_networks[row_a], self.b.task_networks[row_b]) for row_a, row_b in rows]

    @property
    def _networks(self) -> list[tuple[int, int]]:
        return list(dict.fromkeys(self._read))


def _between(mixing: LearnedMixing, networks: Sequence[int]) -> NDArray[np.float64]:
    """α between some networks, in their order."""
    units = [network * mixing.num_subspaces + s for network in networks for s in range(mixing.num_subspaces)]
    return mixing.alpha[:, units][:, :, units].astype(np.float64)
