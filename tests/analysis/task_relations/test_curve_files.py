from __future__ import annotations

import json

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.curve_files import (
    curve_from_metrics,
    curves_from_table,
    score_curve_from_metrics,
)
from hf_sluice.analysis.task_relations.curves import CurveError
from hf_sluice.errors import DataError, UserError

EVENTS = [
    {"event": "loss", "step": 10, "losses": {"pos": 2.5, "ner": 1.5}},
    {"event": "loss", "step": 20, "losses": {"pos": 2.0}},
    {"event": "epoch", "step": 25, "losses": {"pos": 9.0}, "validation": {"pos": 0.25, "ner": None}},
    {"event": "loss", "step": 30, "losses": {"pos": None, "ner": 1.0}},
    {"event": "loss", "step": 40, "losses": {"pos": 1.0, "ner": 0.5}},
    {"event": "epoch", "step": 50, "losses": {"pos": 9.0}, "validation": {"pos": 0.5, "ner": 0.75}},
]


@pytest.fixture
def metrics(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in EVENTS), encoding="utf-8")
    return path


def test_losses_of_a_run(metrics):
    curve = curve_from_metrics(metrics, "pos")
    assert (curve.steps.tolist(), curve.losses.tolist(), curve.budget) == ([10, 20, 40], [2.5, 2.0, 1.0], 40)
    assert curve_from_metrics(metrics, "ner", budget=200).shares.tolist() == [0.05, 0.15, 0.2]


def test_development_scores_of_a_run(metrics):
    curve = score_curve_from_metrics(metrics, "pos", budget=100)
    assert (curve.steps.tolist(), curve.scores.tolist(), curve.budget) == ([25, 50], [0.25, 0.5], 100)
    with pytest.raises(CurveError, match="'ner': 1 points are too few"):
        score_curve_from_metrics(metrics, "ner")


def test_a_line_cut_off_by_a_crash_is_left_out(metrics):
    metrics.write_text(metrics.read_text(encoding="utf-8") + '{"event": "loss", "st', encoding="utf-8")
    assert len(curve_from_metrics(metrics, "pos").steps) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"event": "loss", "step": 1, "losses": {"ner": 1.0}}\n', "no losses of task 'pos'; train with training.log_"),
        ("[]\n", r"metrics.jsonl:1: should be an event of a run"),
        ('{"event": "loss", "step": 1, "losses": {"pos": NaN}}\n' * 3, "follows step 1"),
        ("".join(f'{{"event": "loss", "step": {n}, "losses": {{"pos": NaN}}}}\n' for n in (1, 2, 3)), "step 1 is nan"),
    ],
)
def test_metrics_that_hold_no_curve(tmp_path, text, message):
    (tmp_path / "metrics.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(CurveError, match=message):
        curve_from_metrics(tmp_path / "metrics.jsonl", "pos")


def test_no_metrics(tmp_path):
    with pytest.raises(CurveError, match=r"metrics.jsonl: cannot be read \(No such file or directory\)"):
        curve_from_metrics(tmp_path / "metrics.jsonl", "pos")


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet"])
def test_a_table_of_another_program(tmp_path, form):
    rows = [("pos", 10, 2.5), ("ner", 10, 1.5), ("pos", 20, 2.0), ("pos", 30, 1.0), ("ner", 20, 1.0), ("ner", 30, 0.5)]
    table = pd.DataFrame(rows, columns=["task", "step", "loss"])
    path = tmp_path / f"curves.{form}"
    if form == "parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, sep={"csv": ",", "tsv": "\t"}[form], index=False)

    curves = curves_from_table(path)
    assert list(curves) == ["pos", "ner"]
    assert curves["ner"].losses.tolist() == [1.5, 1.0, 0.5]
    assert curves["ner"].budget == 30


def test_without_a_column_of_tasks_the_file_names_the_task(tmp_path):
    (tmp_path / "chunk.csv").write_text("step,loss\n1,3\n2,2\n3,1\n", encoding="utf-8")
    curve = curves_from_table(tmp_path / "chunk.csv", budget=12)["chunk"]
    assert (curve.task, curve.budget) == ("chunk", 12)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "step,los\n1,3\n", "a.csv: there is no column 'loss'; there is step, los"),
        ("a.csv", "step,loss\n1,3\n2,nan\n3,1\n", "a.csv: loss curve of task 'a': the loss at step 2 is nan"),
        ("a.csv", "step,loss\n1,3\n2,x\n3,1\n", "a.csv:3: loss 'x' should be a number"),
        ("a.csv", "step,loss\n1,3\n2,\n3,1\n", "a.csv: loss curve of task 'a': the loss at step 2 is nan"),
        ("a.csv", "", "a.csv: no table of the form csv"),
        ("a.parquet", "step,loss\n1,3\n", "a.parquet: no table of the form parquet"),
        ("a.log", "step,loss\n1,3\n", "a.log: a table should be named .csv, .tsv or .parquet"),
    ],
)
def test_tables_that_hold_no_curve(tmp_path, name, text, message):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message) as caught:
        curves_from_table(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_no_table(tmp_path):
    for form in ("csv", "parquet"):
        with pytest.raises(DataError, match="cannot be read"):
            curves_from_table(tmp_path / f"a.{form}")
