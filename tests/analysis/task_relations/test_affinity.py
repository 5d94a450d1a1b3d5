from __future__ import annotations

import json
import math

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.affinity import (
    AffinityError,
    affinity_number,
    is_decided,
    power_of_ten,
    read_affinity,
    unit_of,
)


def entry(mean, error=0.125, steps=8):
    return {"mean": mean, "standard_error": error, "steps": steps}


MEASURED = {
    "pos": {"pos": entry(0.5), "ner": entry(0.25)},
    "ner": {"pos": entry(-0.125), "ner": entry(0.75, None, 1)},
}


def results(folder, values):
    path = folder / "results.json"
    path.write_text(values if isinstance(values, str) else json.dumps(values), encoding="utf-8")
    return path


def test_the_source_of_a_step_is_the_auxiliary_task_and_its_target_the_main_one(tmp_path):
    table = read_affinity(results(tmp_path, {"seed": 1, "affinity": MEASURED}))

    assert list(table.columns) == ["main", "auxiliary", "affinity", "standard_error", "steps"]
    values = {(row.main, row.auxiliary): row.affinity for row in table.itertuples()}
    assert values == {("pos", "pos"): 0.5, ("ner", "pos"): 0.25, ("pos", "ner"): -0.125, ("ner", "ner"): 0.75}
    assert table["standard_error"].tolist() == pytest.approx([0.125, 0.125, 0.125, math.nan], nan_ok=True)
    assert table["steps"].tolist() == [8, 8, 8, 1]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"seed": 1}, "no affinity was measured; train with training.affinity set"),
        ({"affinity": {}}, "the run ended before affinity was measured; lower training.affinity.steps"),
        ("[]", "should be the results of a run, as JSON"),
        ('{"affinity": ', "should be the results of a run, as JSON"),
    ],
)
def test_results_without_affinity_are_told_in_one_line(tmp_path, values, message):
    path = results(tmp_path, values)

    with pytest.raises(AffinityError) as caught:
        read_affinity(path)
    assert str(caught.value) == f"{path}: {message}"


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(AffinityError, match=r"results\.json: cannot be read \(No such file or directory\)$"):
        read_affinity(tmp_path / "results.json")


def test_what_lies_two_errors_from_zero_is_decided():
    table = pd.DataFrame({"affinity": [0.2, -0.2, 0.19, 0.0, 1.0], "standard_error": [0.1, 0.1, 0.1, 0.1, math.nan]})

    assert is_decided(table).tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(("largest", "power"), [(0.0042, -3), (-0.0042, -3), (0.01, -2), (0.0, 0), (12.0, 1)])
def test_the_unit_is_that_of_the_largest_affinity_between_two_tasks(largest, power):
    table = pd.DataFrame(
        {"main": ["a", "a", "b"], "auxiliary": ["a", "b", "a"], "affinity": [500.0, largest, largest / 9]}
    )

    assert power_of_ten(table) == power
    assert power_of_ten(table[:1]) == 0


@pytest.mark.parametrize(
    ("value", "power", "text"),
    [(0.00423, -3, "+4.23"), (-0.00423, -3, "−4.23"), (-0.000004, -3, "0.00"), (0.4, -3, "+400.00")],
)
def test_numbers_are_in_the_unit(value, power, text):
    assert affinity_number(value, power) == text


def test_units_are_powers_of_ten():
    assert [unit_of(power) for power in (-12, -3, 0, 2)] == ["10⁻¹²", "10⁻³", "1", "10²"]
