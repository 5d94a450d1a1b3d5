from __future__ import annotations

import math

from hf_sluice.experiments.reports.records import read_records
from hf_sluice.experiments.reports.row_records import parameters_by_row, records_by_row
from tests.experiments.reports.small_results import experiment_of, runs_of

SINGLE = ["single chunk", "single pos"]
SETTINGS = {"form": "tasks", "tasks": ["chunk", "pos"], "rows": {"single task": SINGLE}, "compared": "hard sharing"}
COUNTED = {"single chunk": 1000, "single pos": 1500, "hard sharing": 1250}


def experiment_and_records(**fields):
    experiment = experiment_of(SETTINGS, {"system": ("single chunk", "hard sharing", "single pos")})
    counted = {"counted_parameters": lambda point: COUNTED[point.values["system"]] + point.recipe.seed}
    return experiment, read_records(runs_of(experiment, **(counted | fields)))


def test_the_runs_of_a_row_are_those_of_all_its_values():
    experiment, records = experiment_and_records()
    rows = records_by_row(experiment, experiment.report, records[3:])

    assert [record.point["system"] for record in rows["single task"]] == ["single pos"] * 3
    assert [record.seed for record in rows["hard sharing"]] == [1, 2, 3]
    assert list(rows) == ["single task", "hard sharing"]


def test_a_row_of_several_models_has_the_parameters_of_all():
    experiment, records = experiment_and_records()
    counted = parameters_by_row(experiment, experiment.report, records)

    assert counted["single task"].tolist() == [2.502, 2.504, 2.506]
    assert counted["hard sharing"].tolist() == [1.251, 1.252, 1.253]


def test_a_missing_model_leaves_no_sum():
    experiment, records = experiment_and_records()
    counted = parameters_by_row(experiment, experiment.report, records[1:])

    assert math.isnan(counted["single task"][1])
    assert counted["single task"][2] == 2.504


def test_runs_from_before_parameters_were_counted_have_none():
    experiment, records = experiment_and_records(counted_parameters=None)

    assert parameters_by_row(experiment, experiment.report, records)["hard sharing"].isna().all()
