"""What sharing by learned mixtures costs: whole training steps of hard sharing and sluice models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interleaved_timing import time_interleaved
from markdown_table import markdown_table
from step_parts import DATA, MODEL, PARTS, StepParts
from workload import training

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from interleaved_timing import Spread
    from workload import Workload

_SHARINGS = {"hard_sharing": "hard sharing", "sluice": "sluice"}
_MOST_TASKS = 4


def compare_sharing(workload: Workload, folder: Path, rounds: int) -> str:
    """Training speed of hard sharing and sluice for 1 to 4 tasks, joint steps of the trainer."""
    models = [(sharing, num_tasks) for sharing in _SHARINGS for num_tasks in range(1, _MOST_TASKS + 1)]
    cases = {}
    for sharing, num_tasks in models:
        trainer = workload.trainer(sharing, num_tasks, folder / f"{sharing}-{num_tasks}")
        cases[f"{sharing} {num_tasks}"] = training(trainer, workload.steps(num_tasks, workload.batches))
    timings = time_interleaved(cases, rounds)
    words, rows = workload.words(workload.batches), []
    for sharing, num_tasks in models:
        timing = timings[f"{sharing} {num_tasks}"]
        single, same = timings["hard_sharing 1"], timings[f"hard_sharing {num_tasks}"]
        rows.append(
            (
                _SHARINGS[sharing],
                str(num_tasks),
                timing.rate(words).text(",.0f"),
                f"{timing.rate(words * num_tasks).median:,.0f}",
                timing.ratio(single).text(".2f"),
                timing.ratio(same).text(".2f"),
                timing.ratio(same, "cpu").text(".2f"),
            )
        )
    header = ("model", "M", "tokens/s", "labels/s", "time ÷ hard M = 1", "time ÷ hard, same M", "likewise, CPU time")
    return markdown_table(header, rows)


def take_steps_apart(workload: Workload, folder: Path, rounds: int) -> str:
    """The share of each part of a training step, for the smallest and the largest model."""
    columns = {}
    for sharing, num_tasks in (("hard_sharing", 1), ("sluice", _MOST_TASKS)):
        trainer = workload.trainer(sharing, num_tasks, folder / f"parts-{sharing}")
        steps = workload.steps(num_tasks, workload.batches)
        columns[f"{_SHARINGS[sharing]}, M = {num_tasks}"] = StepParts(trainer).measure(steps, rounds)
    rows = [(part, *(shares[part].text(".2%") for shares in columns.values())) for part in PARTS]
    rows.append(("**data preparation**", *(f"**{_sum(shares, DATA):.2%}**" for shares in columns.values())))
    rows.append(("**outside the model**", *(f"**{1 - _sum(shares, MODEL):.2%}**" for shares in columns.values())))
    rows.append(("ms a step", *(f"{1e3 * shares[''].median:.1f}" for shares in columns.values())))
    return markdown_table(("share of a step", *columns), rows)


def _sum(shares: dict[str, Spread], parts: Sequence[str]) -> float:
    return sum(shares[part].median for part in parts)
