"""What each sharing preset costs in training, beside hard sharing: `python benchmarks/preset_comparison.py --help`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import transformers
from interleaved_timing import time_interleaved
from markdown_table import markdown_table
from program import run_program
from report_section import replace_section
from train_throughput import conditions, parser
from workload import load_workload, training

from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.models.presets import PRESETS
from hf_sluice.training.sampling import Step

if TYPE_CHECKING:
    from workload import Workload

_NUM_TASKS = 2
# Ruder et al. (2019), section "Experiments"; the published program was timed with 500 sentences, M = 2, K = 3.
_PAPER = {"sluice": "1.05–1.07"}
_PUBLISHED_CODE = {"hard_sharing": "1", "cross_stitch": "1.7", "sluice": "2.7–2.8"}


def main() -> None:
    """Measures, and prints Markdown."""
    options = parser().parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    workload = load_workload(options.corpus, options.batch_size, options.batches, options.bucket_size)
    with tempfile.TemporaryDirectory() as folder:
        table = compare_presets(workload, Path(folder), options.rounds)
    report = f"{conditions(options, workload)}\n\n{table}"
    print(report)
    if options.update:
        replace_section(options.update, "presets", report)


def compare_presets(workload: Workload, folder: Path, rounds: int) -> str:
    """Time of joint and per-task steps of two tasks with one label set, relative to hard sharing with one network."""
    pair = _with_copy(workload)
    names = tuple(task.name for task in pair.corpus.tasks)
    cases, parameters = {}, {}
    for sharing, preset in PRESETS.items():
        num_tasks = 1 if preset.max_tasks == 1 else _NUM_TASKS
        trainer = pair.trainer(sharing, num_tasks, folder / f"preset-{sharing}")
        parameters[sharing] = trainer.model.num_parameters()
        joint_steps = [Step(names[:num_tasks], batch) for batch in pair.batches]
        single_steps = [Step((names[i % num_tasks],), batch) for i, batch in enumerate(pair.batches)]
        cases[f"{sharing} joint"] = training(trainer, joint_steps)
        cases[f"{sharing} per task"] = training(trainer, single_steps)
    timings = time_interleaved(cases, rounds)
    rows = []
    for sharing in PRESETS:
        joint, hard = timings[f"{sharing} joint"], timings["hard_sharing joint"]
        per_task, hard_per_task = timings[f"{sharing} per task"], timings["hard_sharing per task"]
        rows.append(
            (
                f"`{sharing}`",
                f"{parameters[sharing]:,}",
                joint.ratio(hard).text(".2f"),
                joint.ratio(hard, "cpu").text(".2f"),
                per_task.ratio(hard_per_task, "cpu").text(".2f"),
                joint.ratio(timings["constant_alpha joint"], "cpu").text(".2f"),
                _PAPER.get(sharing, ""),
                _PUBLISHED_CODE.get(sharing, ""),
            )
        )
    header = (
        "preset", "parameters", "joint steps ÷ hard sharing", "likewise, CPU time", "per-task steps, CPU time",
        "joint ÷ constant α, CPU time", "paper", "published code",
    )  # fmt: skip
    return markdown_table(header, rows)


def _with_copy(workload: Workload) -> Workload:
    """The workload with its first task and a copy of it: presets for domains want one label set."""
    first = workload.corpus.tasks[0]
    copy = replace(first, name=f"{first.name}_copy")
    splits = {
        split: data.add_column(copy.name, data[first.name][:], feature=data.features[first.name])
        for split, data in workload.corpus.items()
    }
    return replace(workload, corpus=TaggingCorpus(splits, (first, copy)))


if __name__ == "__main__":
    run_program(main)
