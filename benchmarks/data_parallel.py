"""What two processes bring over one: `torchrun --nproc_per_node 2 benchmarks/data_parallel.py`, `--help`.

Every process has one thread. In each round all of these take their turn:

- *alone*: one process trains on a batch, the others wait;
- *each for itself*: all processes train, each a model of its own, to see what they cost each other;
- *connected*: they train one model, gradients averaged.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.distributed as dist
import transformers
from conditions import load_average, machine_and_versions
from interleaved_timing import Spread
from markdown_table import markdown_table
from program import run_program
from report_section import replace_section
from workload import load_workload, training

from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workload import Workload

_WARM_UP_ROUNDS = 2
_BATCHES, _BUCKET = 4, 50
_TASKS = 2


def main() -> None:
    """Measures, and prints Markdown in the first process."""
    options = _options()
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    dist.init_process_group("gloo", timeout=timedelta(minutes=10))
    load_before = load_average()
    size = options.batch_size
    whole, twice = (load_workload(options.corpus, of, _BATCHES, _BUCKET) for of in (size, dist.get_world_size() * size))
    with tempfile.TemporaryDirectory() as folder:
        cases = _cases(whole, twice, Path(folder))
        seconds = _time(cases, options.rounds)
    exchange = _time_exchange(_num_parameters(whole), options.rounds)
    if dist.get_rank() == 0:
        conditions = (
            f"Corpus `{options.corpus}`, sluice M = {_TASKS}, joint steps; {dist.get_world_size()} processes of one "
            f"thread, gloo; {options.rounds} rounds. {machine_and_versions('accelerate')}; load average {load_before} "
            f"before and {load_average()} after."
        )
        report = f"{conditions}\n\n{_table(seconds, exchange, whole, twice, size)}"
        print(report)
        if options.update:
            replace_section(options.update, "data parallel", report)
    dist.destroy_process_group()


def _options() -> argparse.Namespace:
    corpus = "ewt" if os.environ.get("HF_SLUICE_DATA") else "demo"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--corpus", default=corpus, help="demo, or ewt with HF_SLUICE_DATA set")
    parser.add_argument("--batch-size", type=int, default=32, help="sentences that one process trains on alone")
    parser.add_argument("--rounds", type=int, default=12, help="counted rounds")
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the result into its place in this file")
    return parser.parse_args()


def _cases(whole: Workload, twice: Workload, folder: Path) -> dict[str, Callable[[], object]]:
    """What each process does in a round; the same names in all of them."""
    own = folder / str(dist.get_rank())
    connected = whole.trainer("sluice", _TASKS, own / "connected")
    alone = _alone(whole)
    half = [batch[dist.get_rank() :: dist.get_world_size()] for batch in whole.batches]
    return {
        "alone": alone(whole.batches) if dist.get_rank() == 0 else _nothing,
        "each for itself, whole batch": alone(whole.batches),
        "each for itself, share": alone(half),
        "connected, same batch": training(connected, whole.steps(_TASKS, whole.batches)),
        "connected, same batch per process": training(connected, twice.steps(_TASKS, twice.batches)),
    }


def _alone(workload: Workload) -> Callable[[list[np.ndarray]], Callable[[], None]]:
    """Steps of a model that no other process knows of."""
    tasks = workload.corpus.tasks[:_TASKS]
    model = workload.model("sluice", _TASKS).train()
    names, process = [task.name for task in tasks], OneProcess()
    objective = make_objective(workload.settings.objective, tasks, process, model)
    optimizer = make_step_optimizer(model, names, workload.settings)
    split = workload.encoded(_TASKS)
    trainer = StepTrainer(model, optimizer, objective, split, workload.settings, process, seed=0)
    progress = TrainingProgress()

    def on(batches: list[np.ndarray]) -> Callable[[], None]:
        steps = workload.steps(_TASKS, batches)

        def run() -> None:
            for step in steps:
                trainer.train(step, progress)

        return run

    return on


def _nothing() -> None:
    """What the processes do that wait."""


def _time(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, np.ndarray]:
    """Seconds until the slowest process has done each case, (rounds,)."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    names = list(cases)
    for number in range(_WARM_UP_ROUNDS + rounds):
        for name in names if number % 2 else reversed(names):
            dist.barrier()
            started = time.perf_counter()
            cases[name]()
            longest = torch.tensor(time.perf_counter() - started, dtype=torch.float64)
            dist.all_reduce(longest, op=dist.ReduceOp.MAX)
            taken[name].append(float(longest))
    return {name: np.array(values[_WARM_UP_ROUNDS:]) for name, values in taken.items()}


def _time_exchange(numbers: int, rounds: int) -> np.ndarray:
    """Seconds of averaging so many numbers over the processes, with nothing else to do."""
    gradients = torch.ones(numbers)
    return _time({"exchange": lambda: dist.all_reduce(gradients)}, rounds)["exchange"]


def _num_parameters(workload: Workload) -> int:
    return sum(parameter.numel() for parameter in workload.model("sluice", _TASKS).parameters())


def _table(seconds: dict[str, np.ndarray], exchange: np.ndarray, whole: Workload, twice: Workload, size: int) -> str:
    processes = dist.get_world_size()
    alone = whole.words(whole.batches) / seconds["alone"]
    rows = [("one process", str(size), str(size), Spread.of(alone).text(",.0f"), "", "", "")]
    for name, workload, without, per_process in (
        ("same batch", whole, "each for itself, share", size // processes),
        ("same batch per process", twice, "each for itself, whole batch", size),
    ):
        connected = seconds[f"connected, {name}"]
        rate = workload.words(workload.batches) / connected
        cost = 1 - seconds[without] / connected
        rows.append(
            (
                f"{processes} processes, {name}",
                str(per_process * processes),
                str(per_process),
                Spread.of(rate).text(",.0f"),
                Spread.of(rate / alone / processes).text(".0%"),
                Spread.of(cost).text(".0%"),
                Spread.of(exchange / (connected / len(workload.batches))).text(".0%"),
            )
        )
    heads = ("what", "sentences a batch", "of each process", "tokens/s", "efficiency", "cost of being connected",
             "exchange alone, share of a step")  # fmt: skip
    return markdown_table(heads, rows)


if __name__ == "__main__":
    run_program(main)
