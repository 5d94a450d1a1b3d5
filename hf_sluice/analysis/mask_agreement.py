"""How far the masks of two architectures agree, task by task."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hf_sluice.analysis.mask_tables import overlaps_by_pair, percent
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.models.mask_measures import layer_of, num_kept, overlap_ratio, sparsity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    Masks = Mapping[str, Mapping[str, Tensor]]


@dataclass(frozen=True, eq=False)
class MaskAgreement:
    """Masks of two architectures, of the same shapes.

    Args:
        tasks: those that both have.
        masks_a: of all tasks of the first one.
        masks_b: of the second one.
    """

    tasks: tuple[str, ...]
    masks_a: Masks
    masks_b: Masks

    @cached_property
    def overlaps(self) -> NDArray[np.float64]:
        """The overlap ratio of each task of the first with each of the second; NaN where both keep nothing."""
        of_b = list(self.masks_b.values())
        return np.array([[_overlap(one, other) for other in of_b] for one in self.masks_a.values()])

    def table(self) -> TextTable:
        """For each common task the overlap ratio: that of random masks as sparse, in all, and in each layer."""
        layers = list(dict.fromkeys(layer_of(name) for name in next(iter(self.masks_a.values()))))
        rows = []
        for task in self.tasks:
            values = self._of_task(task)
            ratios = [values["by_chance"], values["overlap"], *values["by_layer"].values()]
            rows.append((task, *(NOTHING if ratio is None else f"{ratio:.2f}" for ratio in ratios)))
        columns = ("task", "by chance", "overlap", *layers)
        return TextTable("Masks: overlap ratio of A's with B's, task by task", columns, tuple(rows), num_names=1)

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values, and the overlap of every task of A with every one of B."""
        return {
            "tasks": {task: self._of_task(task) for task in self.tasks},
            "overlaps": {
                a: {b: _known(ratio) for b, ratio in zip(self.masks_b, row, strict=True)}
                for a, row in zip(self.masks_a, self.overlaps.tolist(), strict=True)
            },
        }

    def _of_task(self, task: str) -> dict[str, Any]:
        a, b = self.masks_a[task], self.masks_b[task]
        share_a, share_b = sparsity(a), sparsity(b)
        either = share_a + share_b - share_a * share_b
        return {
            "sparsity_a": share_a,
            "sparsity_b": share_b,
            "by_chance": share_a * share_b / either if either else None,
            "overlap": _known(_overlap(a, b)),
            "by_layer": {
                layer: _known(_overlap(*({n: of for n, of in mask.items() if layer_of(n) == layer} for mask in (a, b))))
                for layer in dict.fromkeys(map(layer_of, a))
            },
        }


def measures_table(a: Mapping[str, Any], b: Mapping[str, Any], tasks: Sequence[str]) -> TextTable:
    """Sparsity of the common tasks and overlap ratios of every two of them, in each; shapes need not be the same.

    Args:
        a: measures of the first subnets.
        b: of the second ones.
        tasks: that both have.
    """
    rows = [(task, "sparsity", *(percent(of["sparsity"][task]) for of in (a, b))) for task in tasks]
    ratios_a, ratios_b = overlaps_by_pair(a), overlaps_by_pair(b)
    for pair in itertools.combinations(tasks, 2):
        ratios = (f"{of[pair]:.2f}" if pair in of else NOTHING for of in (ratios_a, ratios_b))
        rows.append((" & ".join(pair), "overlap", *ratios))
    return TextTable("Subnets of each", ("tasks", "", "A", "B"), tuple(rows), num_names=2)


def why_not_masks(a: Masks, b: Masks) -> str | None:
    """Why masks cannot be laid on each other, as the end of a sentence; None where they can."""
    shapes_a, shapes_b = ({name: tuple(of.shape) for name, of in next(iter(m.values())).items()} for m in (a, b))
    for name in {**shapes_a, **shapes_b}:
        if shapes_a.get(name) != shapes_b.get(name):
            return f"{name} is {_shape(shapes_a.get(name))} in A and {_shape(shapes_b.get(name))} in B"
    return None


def _overlap(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> float:
    return overlap_ratio([a, b]) if num_kept(a) or num_kept(b) else np.nan


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _shape(shape: tuple[int, ...] | None) -> str:
    return "not masked" if shape is None else " × ".join(map(str, shape))
