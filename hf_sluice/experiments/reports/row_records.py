"""The runs behind the rows of a report over tasks, and how many parameters these have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.experiments.experiment import Experiment
    from hf_sluice.experiments.reports.records import RunRecord
    from hf_sluice.experiments.reports.settings import TasksReport

_THOUSAND = 1000


def records_by_row(
    experiment: Experiment, settings: TasksReport, records: Sequence[RunRecord]
) -> dict[str, list[RunRecord]]:
    """The runs of each row; none for a row of which none is finished."""
    rows: dict[str, list[RunRecord]] = {row: [] for row in settings.systems(experiment.axes)}
    for record in records:
        rows[settings.row_of(record.point[settings.system_axis])].append(record)
    return rows


def parameters_by_row(
    experiment: Experiment, settings: TasksReport, records: Sequence[RunRecord]
) -> dict[str, pd.Series]:
    """Per row and seed the thousands of parameters as Sun et al. (2020, Table 3) count them; NaN: a run is missing.

    Of a row that stands for several models it is the sum over these.
    """
    values = list(experiment.axes[settings.system_axis])
    counted = pd.DataFrame(float("nan"), index=values, columns=experiment.seeds)
    for record in records:
        if record.counted_parameters is not None:
            counted.loc[record.point[settings.system_axis], record.seed] = record.counted_parameters / _THOUSAND
    return {
        row: counted.loc[settings.rows.get(row, [row])].sum(axis=0, skipna=False)
        for row in settings.systems(experiment.axes)
    }
