"""Affinity over a whole run."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

AffinitySummary: TypeAlias = dict[str, dict[str, dict[str, float | int | None]]]


def summarise_affinity(events: Iterable[Mapping[str, Any]]) -> AffinitySummary:
    """Mean affinity over the steps of a run.

    Args:
        events: of the run's metrics; those of another kind than ``affinity`` are passed over.

    Returns:
        By source and target: ``mean``; ``standard_error`` of it, as if steps were independent of each other, None where
        there is one; ``steps``, how many were measured.
    """
    values: dict[str, dict[str, list[float]]] = {}
    for event in events:
        if event["event"] == "affinity":
            for source, targets in event["affinity"].items():
                for target, value in targets.items():
                    values.setdefault(source, {}).setdefault(target, []).append(value)
    return {source: {target: _summary(found) for target, found in of.items()} for source, of in values.items()}


def _summary(values: Sequence[float]) -> dict[str, float | int | None]:
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    return {"mean": statistics.fmean(values), "standard_error": error, "steps": len(values)}
