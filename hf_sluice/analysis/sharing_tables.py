"""What a model has learned to share, as tables.

Shape letters: M tasks, K layers, N networks (one per task, one for all, or others), S subspaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.errors import UserError
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification

_BETWEEN_COLUMNS = 3  # what a table's lines and margins take beside each cell


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """The learned sharing architecture of a model.

    Args:
        tasks: their names.
        num_subspaces: S.
        alpha: (K, N·S, N·S), row = target, column = source.
        beta: (M, K).
        task_networks: for each task the network that it reads, counted from 0; None where there is one per task, or one
            for all.
    """

    tasks: tuple[str, ...]
    num_subspaces: int
    alpha: NDArray[np.float64]
    beta: NDArray[np.float64]
    task_networks: tuple[int, ...] | None = None

    @classmethod
    def of_model(cls, model: SluiceForTokenClassification) -> Sharing:
        """That of a model."""
        return cls(
            tasks=tuple(model.config.task_names),
            num_subspaces=model.config.num_subspaces,
            alpha=model.alpha.detach().double().cpu().numpy(),
            beta=model.beta.detach().double().cpu().numpy(),
            task_networks=model.config.networks_read(),
        )

    @classmethod
    def of_results(cls, results: Mapping[str, Any]) -> Sharing:
        """That of a finished run, out of its results."""
        return cls(
            tasks=tuple(task["name"] for task in results["tasks"]),
            num_subspaces=results["num_subspaces"],
            alpha=np.array(results["alpha"]),
            beta=np.array(results["beta"]),
            task_networks=tuple(results["task_networks"]) if "task_networks" in results else None,
        )

    @property
    def networks(self) -> tuple[str, ...]:
        """Names of the N networks: the task that reads one, ``shared`` where several do, its number where none does."""
        number = self.alpha.shape[-1] // self.num_subspaces
        read = self.task_networks
        if read is None:
            read = tuple(range(number)) if number == len(self.tasks) else (0,) * len(self.tasks)
        readers = [
            [task for task, of_task in zip(self.tasks, read, strict=True) if of_task == n] for n in range(number)
        ]
        return tuple(_network_name(n, tasks, number) for n, tasks in enumerate(readers))

    @property
    def subspaces(self) -> tuple[str, ...]:
        """Names of α's rows and columns: ``task·subspace``, or the network's name alone where it has one subspace."""
        if self.num_subspaces == 1:
            return self.networks
        return tuple(f"{network}·{s + 1}" for network in self.networks for s in range(self.num_subspaces))

    def block_means(self) -> NDArray[np.float64]:
        """The mean |α| by which each network's subspaces draw from each network's, per layer, (K, N, N)."""
        layers, units, _ = self.alpha.shape
        size = units // self.num_subspaces
        return np.abs(self.alpha).reshape(layers, size, self.num_subspaces, size, self.num_subspaces).mean(axis=(2, 4))

    def shares(self) -> NDArray[np.float64]:
        """How much of what a network draws comes from each network, (N, N).

        Sums of |α| over all layers and subspaces, divided by the row's total; NaN for one that draws nothing.
        """
        drawn_NN = self.block_means().sum(axis=0)
        totals = drawn_NN.sum(axis=1, keepdims=True)
        return np.divide(drawn_NN, totals, out=np.full_like(drawn_NN, np.nan), where=totals > 0)

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values, the shares by name (None for NaN)."""
        return {
            "num_subspaces": self.num_subspaces,
            "subspaces": list(self.subspaces),
            "alpha": self.alpha.tolist(),
            "beta": dict(zip(self.tasks, self.beta.tolist(), strict=True)),
            "shares": {
                target: {s: None if np.isnan(v) else float(v) for s, v in zip(self.networks, row, strict=True)}
                for target, row in zip(self.networks, self.shares(), strict=True)
            },
        }


def alpha_tables(sharing: Sharing, layer: int | None = None, width: int = 120) -> list[TextTable]:
    """α as one table per layer; rows draw from columns.

    Args:
        sharing: the sharing architecture.
        layer: one layer only, counted from 1.
        width: tables that are wider than so many characters are cut into several, between source networks.

    Raises:
        UserError: the model has no such layer.
    """
    layers = len(sharing.alpha)
    if layer is not None and not 1 <= layer <= layers:
        raise UserError(f"layer {layer}: the model has layers 1 to {layers}")
    chosen = range(layers) if layer is None else [layer - 1]
    return [table for number in chosen for table in _alpha_of_layer(sharing, number, width)]


def beta_table(sharing: Sharing) -> TextTable:
    """β: from which layers each task reads."""
    heads = [f"layer {layer + 1}" for layer in range(sharing.beta.shape[1])]
    return _matrix("β: task reads layer", "task", sharing.tasks, heads, sharing.beta)


def shares_table(sharing: Sharing) -> TextTable:
    """What each network draws from itself and from the others, in per cent of its |α| over all layers."""
    shares_NN = sharing.shares()
    own_N = np.diag(shares_NN)
    heads = ("itself", "others", *(f"from {network}" for network in sharing.networks))
    cells = np.column_stack([own_N, 1 - own_N, shares_NN])
    rows = tuple(
        (network, *(NOTHING if np.isnan(value) else f"{100 * value:.1f} %" for value in row))
        for network, row in zip(sharing.networks, cells, strict=True)
    )
    return TextTable("Shares of |α|, all layers", ("network", *heads), rows, num_names=1)


def _network_name(network: int, tasks: Sequence[str], number: int) -> str:
    if len(tasks) > 1:
        return "shared" if number == 1 else f"shared by {', '.join(tasks)}"
    return tasks[0] if tasks else f"network {network + 1}"


def _alpha_of_layer(sharing: Sharing, layer: int, width: int) -> Iterator[TextTable]:
    names = sharing.subspaces
    for columns in _column_groups(sharing, width):
        title = f"α, layer {layer + 1}: row draws from column"
        heads = [names[column] for column in columns]
        yield _matrix(title, "", names, heads, sharing.alpha[layer][:, columns])


def _column_groups(sharing: Sharing, width: int) -> list[list[int]]:
    """The columns of each table: whole networks, as many as fit, at least one."""
    names = sharing.subspaces
    room = width - 1 - _BETWEEN_COLUMNS - max(map(len, names))
    groups: list[list[int]] = []
    used = room + 1
    for start in range(0, len(names), sharing.num_subspaces):
        columns = list(range(start, start + sharing.num_subspaces))
        needed = sum(max(len(names[column]), _cell_width(sharing)) + _BETWEEN_COLUMNS for column in columns)
        if used + needed > room:
            groups.append([])
            used = 0
        groups[-1].extend(columns)
        used += needed
    return groups


def _cell_width(sharing: Sharing) -> int:
    return max(len(_number(value)) for value in sharing.alpha.flat)


def _matrix(
    title: str, corner: str, rows: Sequence[str], heads: Sequence[str], values: NDArray[np.float64]
) -> TextTable:
    cells = tuple((name, *map(_number, row)) for name, row in zip(rows, values, strict=True))
    return TextTable(title, (corner, *heads), cells, num_names=1)


def _number(value: float) -> str:
    # Rounded first: −0.001 is 0.00, not -0.00.
    return f"{round(float(value), 2) + 0.0:.2f}"
