"""How far two learned α are apart, entry by entry.

Shape letters: K layers, N networks, S subspaces, U = N·S.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class AlphaDifference:
    """α of two architectures between the networks of their common tasks.

    Args:
        networks: their names, in the order of the first architecture's tasks.
        alpha_a: of the first architecture, (K, U, U).
        alpha_b: of the second one, its rows and columns in the same order.
    """

    networks: tuple[str, ...]
    alpha_a: NDArray[np.float64]
    alpha_b: NDArray[np.float64]

    @property
    def difference(self) -> NDArray[np.float64]:
        """B − A, (K, U, U)."""
        return self.alpha_b - self.alpha_a

    def by_network(self) -> NDArray[np.float64]:
        """The mean |difference| of each network drawing from each, over subspaces and layers, (N, N)."""
        number = len(self.networks)
        size = self.alpha_a.shape[1] // number
        blocks = np.abs(self.difference).reshape(-1, number, size, number, size)
        return blocks.mean(axis=(0, 2, 4))

    def tables(self) -> list[TextTable]:
        """Per layer, and between networks where there are several."""
        layers = [_row(f"layer {number + 1}", a, b) for number, (a, b) in enumerate(self._layers())]
        if len(layers) > 1:
            layers.append(_row("all", self.alpha_a, self.alpha_b))
        columns = ("", "largest |B − A|", "mean |B − A|", "correlation")
        tables = [TextTable("α: B − A", columns, tuple(layers), num_names=1)]
        if len(self.networks) > 1:
            rows = tuple(
                (name, *(f"{value:.3f}" for value in row))
                for name, row in zip(self.networks, self.by_network(), strict=True)
            )
            title = "α: mean |B − A|, row draws from column"
            tables.append(TextTable(title, ("", *self.networks), rows, num_names=1))
        return tables

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values; a correlation is None where one side is constant."""
        return {
            "networks": list(self.networks),
            "layers": [measures(a, b) for a, b in self._layers()],
            "all": measures(self.alpha_a, self.alpha_b),
            "by_network": self.by_network().tolist(),
            "difference": self.difference.tolist(),
        }

    def _layers(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        return list(zip(self.alpha_a, self.alpha_b, strict=True))


def measures(a: NDArray[np.float64], b: NDArray[np.float64]) -> dict[str, float | None]:
    """The largest and the mean |B − A|, and the correlation, which is None where one side is constant."""
    difference = np.abs(b - a)
    is_constant = np.ptp(a) == 0 or np.ptp(b) == 0
    correlation = None if is_constant else float(np.corrcoef(a.ravel(), b.ravel())[0, 1])
    return {"largest": float(difference.max()), "mean": float(difference.mean()), "correlation": correlation}


def _row(name: str, a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[str, ...]:
    found = measures(a, b)
    return name, *(NOTHING if value is None else f"{value:.3f}" for value in found.values())
