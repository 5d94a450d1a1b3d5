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
    from workload import Workload

_BATCH_SIZE, _BATCHES, _BUCKET = 32, 4, 50
_PAIR, _ALL = 2, 4  # tasks
_CORES = 2  # of the target of speed


def measure_training(effort: Effort) -> list[TargetRow]:
    """Joint steps of the trainer on the papers' sizes, 32 sentences a batch."""
    workload = load_workload(effort.corpus, _BATCH_SIZE, _BATCHES, _BUCKET)
    threads = torch.get_num_threads()
    on = "1 thread" if threads == 1 else f"{threads} threads"
    with tempfile.TemporaryDirectory() as name:
        rows = _against_hard_sharing(workload, Path(name), effort.rounds, on)
        if threads == 1:
            rows.append(_joint_steps(workload, Path(name), effort.rounds, on))
            rows += _shares_of_data(workload, Path(name), effort.rounds, on)
    return rows


def _against_hard_sharing(workload: Workload, folder: Path, rounds: int, on: str) -> list[TargetRow]:
    steps = workload.steps(_PAIR, workload.batches)
    cases = {}
    for sharing in ("hard_sharing", "sluice"):
        for numbers in (torch.float32, torch.bfloat16):
            trainer = workload.trainer(sharing, _PAIR, folder / f"{sharing}-{numbers}")
            if numbers is torch.bfloat16:  # as accelerate does for `mixed_precision`
                trainer.model.forward = torch.autocast("cpu", numbers)(trainer.model.forward)
            cases[f"{sharing} {numbers}"] = training(trainer, steps)
    hard, hard_half, sluice, half = time_interleaved(cases, rounds).values()
    labels = _PAIR * workload.words(workload.batches)
    what = f"training step, sluice M = {_PAIR} with penalty ÷ hard sharing of {_PAIR} tasks, joint steps"
    in_half = f"training step, sluice M = {_PAIR}, bfloat16 ÷ float32, {on}"
    speed = f"training, sluice M = {_PAIR}, label-tokens/s"
    target = "≥ 12,000" if torch.get_num_threads() == _CORES else ""
    return [
        TargetRow(f"{what}, {on}", "≤ 1.35", sluice.ratio(hard), by_cpu_time=sluice.ratio(hard, "cpu")),
        TargetRow(
            f"{what}, both in bfloat16, {on}", "", half.ratio(hard_half), by_cpu_time=half.ratio(hard_half, "cpu")
        ),
        TargetRow(in_half, "", half.ratio(sluice), by_cpu_time=half.ratio(sluice, "cpu")),
        TargetRow(f"{speed}, {on}", target, sluice.rate(labels), ",.0f", "", by_cpu_time=sluice.rate(labels, "cpu")),
        TargetRow(f"{speed}, bfloat16, {on}", "", half.rate(labels), ",.0f", "", by_cpu_time=half.rate(labels, "cpu")),
    ]


def _joint_steps(workload: Workload, folder: Path, rounds: int, on: str) -> TargetRow:
    """A joint step against a step for each task on the same batch, from short sentences to long ones."""
    names = tuple(task.name for task in workload.corpus.tasks[:_ALL])
    trainer = workload.trainer("sluice", _ALL, folder / "all")
    single = [Step((name,), batch) for batch in workload.batches for name in names]
    joint = training(trainer, workload.steps(_ALL, workload.batches))
    timings = time_interleaved({"joint": joint, "single": training(trainer, single)}, rounds)
    ratio, by_cpu_time = (timings["single"].ratio(timings["joint"], clock) for clock in ("wall", "cpu"))
    what = f"training, sluice M = {_ALL}: {_ALL} per-task steps ÷ one joint step, {on}"
    return TargetRow(what, "≥ 3", ratio, by_cpu_time=by_cpu_time)


def _shares_of_data(workload: Workload, folder: Path, rounds: int, on: str) -> list[TargetRow]:
    """For the quickest model, where the share is largest, and for the target's."""
    rows = []
    for what, sharing, num_tasks in (
        ("hard sharing of one task", "hard_sharing", 1),
        (f"sluice M = {_PAIR}", "sluice", _PAIR),
    ):
        trainer = workload.trainer(sharing, num_tasks, folder / f"parts-{sharing}")
        parts = StepParts(trainer).measure(workload.steps(num_tasks, workload.batches), rounds)
        low, median, high = (100 * sum(getattr(parts[part], of) for part in DATA) for of in ("low", "median", "high"))
        name = f"data preparation, share of a training step, {what}, {on}"
        rows.append(TargetRow(name, "≤ 3", Spread(median, low, high), unit="%"))
    return rows
