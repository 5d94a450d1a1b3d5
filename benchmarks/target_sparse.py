"""The target of sparse sharing: all subnets in one call against a call for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparse_sharing_comparison import time_subnets
from target_row import TargetRow
from workload import load_workload

if TYPE_CHECKING:
    from effort import Effort

_BATCH_SIZE, _BATCHES, _BUCKET = 10, 4, 50
_NUM_TASKS = (2, 3, 4)
_KINDS = {"train": "training", "predict": "prediction"}


def measure_sparse(effort: Effort) -> list[TargetRow]:
    """Sun et al.'s sizes and batches of 10, half of the weights kept; forward and backward, and forward alone."""
    workload = load_workload(effort.corpus, _BATCH_SIZE, _BATCHES, _BUCKET)
    timings = time_subnets(workload, _NUM_TASKS, effort.rounds)
    rows = []
    for kind, name in _KINDS.items():
        for num_tasks in _NUM_TASKS:
            together, singly = timings[f"{kind} together {num_tasks}"], timings[f"{kind} singly {num_tasks}"]
            what = f"sparse sharing, {name}: {num_tasks} subnets in one call ÷ {num_tasks} calls"
            rows.append(TargetRow(what, "≤ 0.6", together.ratio(singly), by_cpu_time=together.ratio(singly, "cpu")))
    return rows
