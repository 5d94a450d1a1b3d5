"""Targets of whole training steps: what sharing costs, what a joint step saves, labels per second, data preparation."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from interleaved_timing import Spread, time_interleaved
from step_parts import DATA, StepParts
from target_row import TargetRow
from workload import load_workload, training

from hf_sluice.training.sampling import Step

if TYPE_CHECKING:
    from effort import Effort
    from interleaved_timing import Timings
    from workload import Workload

_BATCH_SIZE, _BATCHES, _BUCKET = 32, 4, 50
_PAIR, _ALL = 2, 4  # tasks


def measure_training(effort: Effort) -> list[TargetRow]:
    """Joint steps of the trainer on the papers' sizes, 32 sentences a batch."""
    workload = load_workload(effort.corpus, _BATCH_SIZE, _BATCHES, _BUCKET)
    threads = torch.get_num_threads()
    with tempfile.TemporaryDirectory() as name:
        timings = _timings(workload, Path(name), effort.rounds)
        shares = _shares_of_data(workload, Path(name), effort.rounds) if threads == 1 else {}
    on = f"{threads} thread" + ("s" if threads > 1 else "")
    hard, sluice = timings["hard"], timings["sluice"]
    joint, per_task = timings["joint"], timings["per task"]
    labels = _PAIR * workload.words(workload.batches)
    rows = [
        TargetRow(
            f"training step, sluice M = {_PAIR} with penalty ÷ hard sharing of {_PAIR} tasks, joint steps, {on}",
            "≤ 1.35", sluice.ratio(hard), by_cpu_time=sluice.ratio(hard, "cpu"),
        ),
        TargetRow(
            f"training, sluice M = {_PAIR}, label-tokens/s, {on}",
            "≥ 12,000" if threads == _PAIR else "", sluice.rate(labels), ",.0f", "",
            by_cpu_time=sluice.rate(labels, "cpu"),
        ),
        TargetRow(
            f"training, sluice M = {_ALL}: {_ALL} per-task steps ÷ one joint step, {on}",
            "≥ 3", per_task.ratio(joint), by_cpu_time=per_task.ratio(joint, "cpu"),
        ),
    ]  # fmt: skip
    rows += [
        TargetRow(f"data preparation, share of a training step, {what}, {on}", "≤ 3", share, unit="%")
        for what, share in shares.items()
    ]
    return rows


def _timings(workload: Workload, folder: Path, rounds: int) -> dict[str, Timings]:
    names = tuple(task.name for task in workload.corpus.tasks[:_ALL])
    hard, pair, whole = (
        workload.trainer(sharing, num_tasks, folder / f"{sharing}-{num_tasks}")
        for sharing, num_tasks in (("hard_sharing", _PAIR), ("sluice", _PAIR), ("sluice", _ALL))
    )
    single = [Step((name,), batch) for batch in workload.batches for name in names]
    return time_interleaved(
        {
            "hard": training(hard, workload.steps(_PAIR, workload.batches)),
            "sluice": training(pair, workload.steps(_PAIR, workload.batches)),
            "joint": training(whole, workload.steps(_ALL, workload.batches)),
            "per task": training(whole, single),
        },
        rounds,
    )


def _shares_of_data(workload: Workload, folder: Path, rounds: int) -> dict[str, Spread]:
    """In per cent, for the quickest model, where the share is largest, and for the target's."""
    shares = {}
    for what, sharing, num_tasks in (
        ("hard sharing of one task", "hard_sharing", 1),
        (f"sluice M = {_PAIR}", "sluice", _PAIR),
    ):
        trainer = workload.trainer(sharing, num_tasks, folder / f"parts-{sharing}")
        parts = StepParts(trainer).measure(workload.steps(num_tasks, workload.batches), rounds)
        low, median, high = (100 * sum(getattr(parts[part], of) for part in DATA) for of in ("low", "median", "high"))
        shares[what] = Spread(median, low, high)
    return shares
