"""Experiments that have been run already, read back from the folders of their results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from pydantic import ValidationError

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.records import RunRecord, read_records

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, eq=False)
class FinishedExperiment:
    """What an experiment came to.

    Args:
        name: of the experiment.
        main_task: the task that it is about.
        results: its scores.
        records: of its runs.
    """

    name: str
    main_task: str
    results: pd.DataFrame
    records: list[RunRecord]


def read_experiment(folder: Path, main_task: str) -> FinishedExperiment:
    """Reads an experiment's ``results.jsonl`` and ``runs.jsonl``.

    Raises:
        UserError: there are none, or they are damaged.
    """
    results, runs = (_read_lines(folder / name) for name in ("results.jsonl", "runs.jsonl"))
    try:
        return FinishedExperiment(folder.name, main_task, pd.DataFrame(results), read_records(runs))
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise UserError(f"{folder / 'runs.jsonl'}: damaged ({place}: {error.errors()[0]['msg']})") from None


def _read_lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise UserError(
            f"{path}: the results that the report is about cannot be read ({error.strerror}); run that experiment first"
        ) from None
    except ValueError as error:
        raise UserError(f"{path}: damaged ({error})") from None
