"""How fast taggers train, and where the time goes: `python benchmarks/train_throughput.py --help`."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch
import transformers
from conditions import load_average, machine_and_versions
from core_comparison import compare_cores
from program import run_program
from report_section import replace_section
from sharing_comparison import compare_sharing, take_steps_apart
from workload import Workload, load_workload


def main() -> None:
    """Measures, and prints Markdown."""
    options = parser().parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    workload = load_workload(options.corpus, options.batch_size, options.batches, options.bucket_size)
    report = [conditions(options, workload)]
    print(report[0], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for title, compare in (
            ("Hard sharing and sluice", compare_sharing),
            ("The recurrent core and packed `nn.LSTM`", compare_cores),
            ("The parts of a training step", take_steps_apart),
        ):
            report.append(f"### {title}\n\n{compare(workload, Path(folder), options.rounds)}")
            print("\n" + report[-1], flush=True)
    report.append(f"Took {time.process_time():.0f} s of CPU time; load average at the end {load_average()}.")
    print("\n" + report[-1])
    if options.update:
        replace_section(options.update, options.corpus, "\n\n".join(report))


def parser() -> argparse.ArgumentParser:
    """The options that all measurements of training take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--corpus", default="demo", help="demo, or ewt or gum with HF_SLUICE_DATA set")
    parser.add_argument("--threads", type=int, default=1, help="threads of the framework")
    parser.add_argument("--rounds", type=int, default=20, help="counted rounds of each comparison")
    parser.add_argument("--batch-size", type=int, default=32, help="sentences in a batch")
    parser.add_argument("--batches", type=int, default=4, help="batches of an epoch that each round trains on")
    parser.add_argument("--bucket-size", type=int, default=50, help="1: no care for lengths when batches are made")
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the result into its place in this file")
    return parser


def conditions(options: argparse.Namespace, workload: Workload) -> str:
    """What was measured, and where."""
    longest = ", ".join(str(int(workload.lengths[batch].max())) for batch in workload.batches)
    return (
        f"Corpus `{options.corpus}`: {workload.lengths.mean():.1f} words a sentence, {workload.padding:.0%} padding, "
        f"{workload.share_mixed:.0%} of the words in batches of mixed lengths. A round trains on batches of "
        f"{options.batch_size} sentences of up to {longest} words; {options.rounds} rounds.\n\n"
        f"{machine_and_versions()}, load average {load_average()} at the start."
    )


if __name__ == "__main__":
    run_program(main)
