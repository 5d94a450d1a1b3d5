"""Scores after equal CPU time of training, ours and spaCy's: `python benchmarks/equal_time.py --help`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from effort import Effort
from equal_time_results import SYSTEMS, EqualTime, scores_table
from report_section import replace_section

_RUN = Path(__file__).with_name("equal_time_run.py")


def main() -> None:
    """Trains what has not been trained yet, and prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    Effort.add_inputs(parser, corpus="ewt")
    parser.add_argument("--at-once", type=int, default=2, help="runs at a time, one thread each")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--minutes", type=float, nargs="+", default=[3.0, 6.0], help="of training, by CPU time")
    parser.add_argument("--sentences", type=int, default=3000, help="the first ones of the training split")
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the tables into their place in this file")
    options = parser.parse_args()
    setting = EqualTime.of(options)
    train_missing(setting, tuple(options.seeds), options.at_once)
    report = scores_table(setting, options.seeds)
    print(report)
    if options.update:
        replace_section(options.update, "equal time", report)


def train_missing(setting: EqualTime, seeds: tuple[int, ...], at_once: int) -> None:
    """Runs whatever has not been run, each in a process of its own; what was interrupted begins anew.

    Raises:
        SystemExit: a run failed.
    """
    missing = [(system, seed) for seed in seeds for system in SYSTEMS if not setting.path(system, seed).exists()]
    with ThreadPoolExecutor(at_once) as pool:
        failed = [code for code in pool.map(lambda run: _run(setting, *run), missing) if code]
    if failed:
        raise SystemExit(f"{len(failed)} of {len(missing)} runs failed; see above")


def _run(setting: EqualTime, system: str, seed: int) -> int:
    command = [sys.executable, str(_RUN), system, str(seed), *setting.arguments()]
    print(" ".join(command), file=sys.stderr, flush=True)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    main()
