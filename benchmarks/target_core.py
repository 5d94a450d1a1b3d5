"""The target of the recurrent core: against the same core on packed ``nn.LSTM``, by itself and within a step."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from core_comparison import EPOCH, compare_core, compare_step
from target_row import TargetRow
from workload import load_workload

if TYPE_CHECKING:
    from core_comparison import Comparison
    from effort import Effort

_BATCH_SIZE, _BATCHES, _BUCKET = 32, 4, 50
_NETWORKS = 2


def measure_core(effort: Effort) -> list[TargetRow]:
    """Forward and backward, on batches as an epoch has them and on those of mixed lengths alone."""
    workload = load_workload(effort.corpus, _BATCH_SIZE, _BATCHES, _BUCKET)
    found = compare_core(workload, _NETWORKS, effort.rounds)
    with tempfile.TemporaryDirectory() as folder:
        found += compare_step(workload, Path(folder), _NETWORKS, effort.rounds)
    return [_row(comparison) for comparison in found if comparison.batches in (EPOCH, found[0].batches)]


def _row(comparison: Comparison) -> TargetRow:
    return TargetRow(
        f"packed `nn.LSTM` ÷ ours, {comparison.what}, {comparison.batches}",
        "≥ 2" if comparison.batches == EPOCH else "",
        comparison.packed.ratio(comparison.ours),
        by_cpu_time=comparison.packed.ratio(comparison.ours, "cpu"),
    )
