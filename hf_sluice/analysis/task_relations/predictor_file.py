"""A predictor as a file: JSON that people can read and any program can compute with.

It holds the coefficients and the scaling of each feature, and the tables that the predictor was fitted on, so that it
can be fitted again to fewer features.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hf_sluice.analysis.task_relations.gains import Verdict  # noqa: TC001 - read by pydantic
from hf_sluice.complaints import first_complaint
from hf_sluice.errors import UserError
from hf_sluice.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "hf_sluice.task_relations"
VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class ColumnRecord(_Part):
    """A feature of pairs: its least and greatest value, the mean of the scaled one, and its coefficients."""

    name: str
    minimum: float
    maximum: float
    centre: float
    log_odds: float
    size: float


class SettingsRecord(_Part):
    """How the predictor was fitted, as :class:`~.logistic.FitSettings` has it."""

    inverse_penalty: float = Field(gt=0)
    penalise_intercept: bool
    scale_beforehand: bool


class GainRecord(_Part):
    """What a main task gained: change of its score in per cent, its spread over seeds, and the verdict."""

    main: str
    auxiliary: str
    gain: float
    spread: float | None = None
    seeds: int = 1
    verdict: Verdict


class PredictorRecord(_Part):
    """The file.

    Args:
        format: what the file is.
        version: of the format.
        source: where gains and features come from.
        features: features of tasks that the predictor was to read.
        left_out: what it does without, one line each.
        settings: how it was fitted.
        columns: features of pairs that it reads.
        log_odds_intercept: of the log odds of a gain.
        size_intercept: of the change in per cent.
        tasks: per task its features, also those that the predictor does not read; null for what is not known.
        gains: of pairs.
    """

    format: Literal["hf_sluice.task_relations"] = "hf_sluice.task_relations"
    version: Literal[1] = 1
    source: str
    features: list[str] = Field(min_length=1)
    left_out: list[str]
    settings: SettingsRecord
    columns: list[ColumnRecord] = Field(min_length=1)
    log_odds_intercept: float
    size_intercept: float
    tasks: dict[str, dict[str, float | None]] = Field(min_length=2)
    gains: list[GainRecord] = Field(min_length=2)


def write_record(record: PredictorRecord, path: Path) -> None:
    """Writes the file, whole or not at all.

    Raises:
        UserError: it cannot be written.
    """
    with write_whole(path) as file:
        file.write(json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def read_record(path: Path) -> PredictorRecord:
    """Reads and checks the file.

    Raises:
        UserError: there is none, it is no predictor, one of another version, or a damaged one.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: the predictor cannot be read ({error.strerror})") from None
    except ValueError:
        raise UserError(f"{path}: not JSON; a predictor is a file that 'hf-sluice relate fit' writes") from None
    _check_version(path, values)
    try:
        record = PredictorRecord.model_validate(values)
    except ValidationError as error:
        raise UserError(f"{path}: {first_complaint(error, {}, 'a predictor')}") from None
    for gain in record.gains:
        for task in (gain.main, gain.auxiliary):
            if task not in record.tasks:
                raise UserError(f"{path}: gains: task {task!r} is none of the tasks, {', '.join(record.tasks)}")
    return record


def _check_version(path: Path, values: Any) -> None:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise UserError(f"{path}: no predictor of gains; its format should be {FORMAT!r}")
    if values.get("version") != VERSION:
        raise UserError(
            f"{path}: version {values.get('version')!r} of the format; this program reads version {VERSION}"
        )
