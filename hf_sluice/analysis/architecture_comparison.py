"""Two learned sharing architectures held against each other, so far as they are of the same kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

from hf_sluice.analysis.mask_agreement import MaskAgreement, measures_table, why_not_masks
from hf_sluice.analysis.mixing_pair import MixingPair
from hf_sluice.evaluation.tables import NOTHING, TextTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hf_sluice.analysis.alpha_difference import AlphaDifference
    from hf_sluice.models.sharing_architecture import SharingArchitecture


@dataclass(frozen=True, eq=False)
class ArchitectureComparison:
    """The comparison.

    Args:
        a: one architecture.
        b: another one; differences are B − A.
    """

    a: SharingArchitecture
    b: SharingArchitecture

    @property
    def common_tasks(self) -> list[str]:
        """Tasks of the same name in both, in the order of A."""
        return [task for task in self.a.task_names if task in self.b.task_names]

    @cached_property
    def mixing(self) -> MixingPair | None:
        """α and β of the common tasks; None where one of the two has none."""
        return MixingPair.of(self.a, self.b, self.common_tasks)

    @cached_property
    def alpha(self) -> AlphaDifference | None:
        """How α differs; None where it cannot be compared."""
        return None if self.mixing is None else self.mixing.alpha()

    @cached_property
    def masks(self) -> MaskAgreement | None:
        """How far masks agree; None where they cannot be compared."""
        if self.a.subnets is None or self.b.subnets is None or self._why_not is not None:
            return None
        return MaskAgreement(tuple(self.common_tasks), self.a.subnets.masks.masks, self.b.subnets.masks.masks)

    def not_compared(self) -> list[str]:
        """What is not compared and why, a sentence each."""
        if self.a.model_type != self.b.model_type:
            return [f"α and masks are not compared: A is of type {self.a.model_type}, B of type {self.b.model_type}."]
        if not self.common_tasks:
            return ["α, β and masks are compared by task, and no task is in both."]
        what = "Masks are" if self.mixing is None else "α is"
        sentences = [] if self._why_not is None else [f"{what} not compared: {self._why_not}."]
        if self.mixing is not None and not self.mixing.has_same_layers:
            sentences = [f"α and β are not compared: {self._why_not}."]
        alone = [task for task in (*self.a.task_names, *self.b.task_names) if task not in self.common_tasks]
        if alone:
            sentences.append(f"Left out are the tasks that one of them has alone: {', '.join(alone)}.")
        return sentences

    def tables(self) -> list[TextTable]:
        """What both are, their tasks, and the differences."""
        return [self._overview(), self._tasks(), *self._differences()]

    def to_dict(self) -> dict[str, Any]:
        """All of it in plain values; None for what cannot be compared."""
        return {
            "a": _summary(self.a),
            "b": _summary(self.b),
            "common_tasks": self.common_tasks,
            "same": self.a.digest == self.b.digest,
            "not_compared": self.not_compared(),
            "alpha": None if self.alpha is None else self.alpha.to_dict(),
            "beta": self.mixing.beta_values() if self.mixing is not None and self.mixing.has_same_layers else None,
            "masks": None if self.masks is None else self.masks.to_dict(),
        }

    @property
    def _why_not(self) -> str | None:
        if self.a.subnets is not None and self.b.subnets is not None:
            return why_not_masks(self.a.subnets.masks.masks, self.b.subnets.masks.masks)
        return None if self.mixing is None else self.mixing.why_not_alpha()

    def _differences(self) -> Iterator[TextTable]:
        if self.alpha is not None:
            yield from self.alpha.tables()
        if self.mixing is not None and self.mixing.has_same_layers:
            yield self.mixing.beta_table()
        if self.masks is not None and self.common_tasks:
            yield self.masks.table()
        if self.a.subnets is not None and self.b.subnets is not None and self.common_tasks:
            yield measures_table(self.a.subnets.measures, self.b.subnets.measures, self.common_tasks)

    def _overview(self) -> TextTable:
        of_a, of_b = _facts(self.a), _facts(self.b)
        rows = tuple((name, of_a.get(name, NOTHING), of_b.get(name, NOTHING)) for name in {**of_a, **of_b})
        return TextTable("Architectures", ("", "A", "B"), rows, num_names=3)

    def _tasks(self) -> TextTable:
        of_a, of_b = ({task["name"]: task.get("labels", []) for task in each.tasks} for each in (self.a, self.b))
        rows = []
        for task in {**of_a, **of_b}:
            numbers = [NOTHING if task not in of else str(len(of[task]) or NOTHING) for of in (of_a, of_b)]
            place = "B" if task not in of_a else "A" if task not in of_b else "both"
            are_same = place == "both" and of_a[task] == of_b[task]
            rows.append((task, place, *numbers, "same" if are_same else "differ" if place == "both" else NOTHING))
        return TextTable("Tasks", ("task", "in", "labels A", "labels B", "label sets"), tuple(rows), num_names=2)


def _facts(architecture: SharingArchitecture) -> dict[str, str]:
    origin, mixing, subnets = architecture.origin, architecture.mixing, architecture.subnets
    facts = {
        "sharing": (architecture.model_type if mixing is None else mixing.sharing).replace("_", " "),
        "tasks": str(len(architecture.tasks)),
        "layers": f"{architecture.num_layers} of {architecture.hidden_size} units per direction",
    }
    if mixing is not None:
        facts |= {
            "networks": str(mixing.num_networks),
            "subspaces": str(mixing.num_subspaces),
            "heads read": mixing.layer_connection,
        }
    if subnets is not None:
        shapes = subnets.masks.shapes
        facts["masked"] = f"{sum(map(prod, shapes.values())):,} weights of {len(shapes)} parameters"
    if origin.revision is not None:
        facts["revision"] = origin.revision
    facts["digest"] = architecture.digest[:12]
    return facts


def _summary(architecture: SharingArchitecture) -> dict[str, Any]:
    mixing, subnets = architecture.mixing, architecture.subnets
    values: dict[str, Any] = {
        "model_type": architecture.model_type,
        "sharing": architecture.model_type if mixing is None else mixing.sharing,
        "tasks": architecture.task_names,
        "num_layers": architecture.num_layers,
        "hidden_size": architecture.hidden_size,
    }
    if mixing is not None:
        values |= {"num_networks": mixing.num_networks, "num_subspaces": mixing.num_subspaces}
    if subnets is not None:
        values["masks"] = dict(subnets.measures)
    origin = architecture.origin
    return {**values, "model": origin.model, "revision": origin.revision, "sha256": architecture.digest}
