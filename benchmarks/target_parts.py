"""One part of the table of targets, in a process of its own: `python benchmarks/target_parts.py --help`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from effort import Effort
from program import run_program

from hf_sluice.models.waiting_threads import wait_briefly

if TYPE_CHECKING:
    from collections.abc import Callable

    from target_row import TargetRow


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are measured together.

    Args:
        name: of the part; ``target_<name>`` is its module, and ``measure_<name>`` there what measures.
        threads: numbers of threads of the framework that it is measured with, one process for each.
    """

    name: str
    threads: tuple[int, ...] = (1,)


PARTS = (
    Part("training", (1, 2)),
    Part("core"),
    Part("sparse"),
    Part("prediction"),
    Part("memory"),
    Part("scores"),
    Part("gpu"),
)


def main() -> None:
    """Measures one part, and writes its rows as JSON to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=[part.name for part in PARTS])
    parser.add_argument("--threads", type=int, default=1)
    Effort.add_options(parser, corpus="demo")
    options = parser.parse_args()

    wait_briefly()  # as every command of the package does

    import torch
    import transformers

    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    measure: Callable[[Effort], list[TargetRow]] = getattr(
        import_module(f"target_{options.part}"), f"measure_{options.part}"
    )
    json.dump([row.to_dict() for row in measure(Effort.of(options))], sys.stdout)


if __name__ == "__main__":
    run_program(main)
