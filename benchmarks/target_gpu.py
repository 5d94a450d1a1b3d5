"""Targets of a GPU: the step, the recurrent core, and tokens per second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from backend_comparison import Subject
from interleaved_timing import time_interleaved
from packed_lstm import CoreSizes
from synthetic_training import StepSizes, SyntheticTraining
from target_row import TargetRow

if TYPE_CHECKING:
    from effort import Effort

_SIZES = StepSizes(tasks=4, sentences=256, words=40)
_STEPS = 10  # that follow each other without waiting
_NUMBERS = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def measure_gpu(effort: Effort) -> list[TargetRow]:
    """Sluice of four tasks against hard sharing, and its recurrent core against eight calls of cuDNN."""
    if not torch.cuda.is_available():
        return [TargetRow("GPU targets", "", None, note="no GPU here")]
    device = torch.device("cuda")
    return [*_steps(device, effort.rounds), *_cores(device, effort.rounds)]


def _steps(device: torch.device, rounds: int) -> list[TargetRow]:
    shortest = _SIZES.words // 2
    hard, sluice = (SyntheticTraining(_SIZES, device, of, shortest) for of in ("hard_sharing", "sluice"))
    timings = time_interleaved({"hard": hard.steps(_STEPS), "sluice": sluice.steps(_STEPS)}, rounds)
    on = f"{_SIZES.sentences} sentences of {shortest} to {_SIZES.words} random words"
    rate = timings["sluice"].rate(_STEPS * sluice.num_words)
    return [
        TargetRow(
            f"GPU, training step, sluice M = 4 ÷ hard sharing, {on}", "≤ 1.07", timings["sluice"].ratio(timings["hard"])
        ),
        TargetRow(f"GPU, training, sluice M = 4, tokens/s, {on}", "≥ 1,000,000", rate, ",.0f", ""),
    ]


def _cores(device: torch.device, rounds: int) -> list[TargetRow]:
    sizes = CoreSizes(networks=4, sentences=_SIZES.sentences, words=_SIZES.words)
    exact = Subject.of(sizes)
    rows = []
    for numbers, dtype in _NUMBERS.items():
        ours, calls = exact.on(device, dtype, "auto"), exact.on(device, dtype, "fused")
        timings = time_interleaved({"ours": ours.train, "calls": calls.train}, rounds)
        what = f"GPU, recurrent core M = 4 × 2 directions, K = 3, {numbers}: a cuDNN call for each ÷ ours"
        rows.append(TargetRow(what, "≥ 4", timings["calls"].ratio(timings["ours"])))
    return rows
