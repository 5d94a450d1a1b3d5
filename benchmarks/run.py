"""All targets, measured, as one table: `python benchmarks/run.py --quick`, or `--help`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from conditions import load_average, machine_and_versions
from effort import Effort
from report_section import replace_section
from target_parts import PARTS
from target_row import TargetRow, target_table

_HERE = Path(__file__).parent


def main() -> None:
    """Measures, prints Markdown, and says by its exit status whether everything could be measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    Effort.add_options(parser, corpus="ewt" if os.environ.get("HF_SLUICE_DATA") else "demo")
    names = [part.name for part in PARTS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="PART", help=", ".join(names))
    parser.add_argument("--update", action="store_true", help="write the table into its place in benchmarks/README.md")
    options = parser.parse_args()
    effort = Effort.of(options)
    started, load_before = time.perf_counter(), load_average()
    if options.corpus == "demo":
        print("HF_SLUICE_DATA is not set: measured on the built-in corpus, whose sentences are short.\n")
    rows, failures = [], []
    for part in PARTS:
        for threads in part.threads if part.name in options.only else ():
            try:
                rows += _measure(part.name, threads, effort)
            except subprocess.CalledProcessError as error:
                failures.append(f"{part.name}: could not be measured (exit status {error.returncode}); see above")
                rows.append(TargetRow(part.name, "", None, note="could not be measured"))
    conditions = machine_and_versions("transformers", "spacy", with_threads=False)
    report = (
        f"{target_table(rows)}\n\n`{_command()}`, corpus `{options.corpus}`: {conditions}; load average {load_before} "
        f"before and {load_average()} after; {time.perf_counter() - started:.0f} s."
    )
    print(report)
    if options.update:
        replace_section(_HERE / "README.md", "targets", report)
    if failures:
        raise SystemExit("\n".join(failures))


def _measure(part: str, threads: int, effort: Effort) -> list[TargetRow]:
    """Rows of a part, from a process of its own: threads and memory of another part do not matter to it."""
    print(f"measuring: {part}, {threads} thread(s)", file=sys.stderr, flush=True)
    program = str(_HERE / "target_parts.py")
    command = [sys.executable, program, part, "--threads", str(threads), *effort.arguments()]
    environment = {**os.environ, "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false"}
    finished = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return [TargetRow.from_dict(row) for row in json.loads(finished.stdout.splitlines()[-1])]


def _command() -> str:
    return " ".join(["python", "benchmarks/run.py", *sys.argv[1:]])


if __name__ == "__main__":
    main()
