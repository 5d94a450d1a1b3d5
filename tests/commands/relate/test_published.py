from __future__ import annotations

import csv

import pytest

from hf_sluice.experiments.relations.published_results import FEATURE_SETS


def test_without_the_data_one_line_says_where_they_should_be(hf_sluice, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_SLUICE_DATA", raising=False)
    done = hf_sluice("relate", "published", "--output", tmp_path / "out")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "hf-sluice: HF_SLUICE_DATA is not set; it should name the folder that holds bingel2017; or give --data\n"
    )
    done = hf_sluice("relate", "published", "--data", tmp_path, "--output", tmp_path / "out")
    assert done.code == 2
    assert "train_curves.tsv.xz: cannot be read (No such file or directory)" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.real_data
def test_the_published_tables_come_out(hf_sluice, tmp_path, data_root, monkeypatch):
    """Each figure of Table 3 within 0.03 of the paper's, and the signs of the twelve largest coefficients.

    With fewer repetitions of what is not the paper's.
    """
    monkeypatch.setattr("hf_sluice.experiments.relations.published_results._FULL", (20, 5))
    monkeypatch.setattr("hf_sluice.experiments.relations.published_results._FEW", (2, 1))
    few_sets = {name: FEATURE_SETS[name] for name in ("relative gradients", "default")}
    monkeypatch.setattr("hf_sluice.experiments.relations.published_results.FEATURE_SETS", few_sets)
    fewer = {"_CHOOSING_RUNS": 1, "_SHIFT_RUNS": 2, "_RANDOM_DRAWS": 2, "SHIFTS": (-10, -1, 1, 10)}
    for name, value in fewer.items():
        monkeypatch.setattr(f"hf_sluice.analysis.task_relations.reproduction.{name}", value)
    done = hf_sluice("relate", "published", "--data", data_root / "bingel2017", "--output", tmp_path)
    assert done.code == 0
    with (tmp_path / "table3.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 4
    for row in rows:
        for score in ("accuracy", "F1"):
            assert float(row[f"2017 {score}"]) == pytest.approx(float(row[f"published {score}"]), abs=0.03)
    with (tmp_path / "table4.tsv").open(encoding="utf-8") as file:
        largest = list(csv.DictReader(file, delimiter="\t"))[:12]
    assert all(float(row["2017"]) * float(row["published"]) > 0 for row in largest)
    report = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "40 gains and 50 losses over 90 directed pairs" in report
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "calibration.png", "coefficients.png", "elimination.png", "gains.png"
    }  # fmt: skip
