from __future__ import annotations

import math

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.relation_tables import read_features
from tests.experiments.relations.tiny_study import write


def curve(folder, name, losses, **columns):
    path = folder / name
    table = pd.DataFrame({"step": range(10, 10 * len(losses) + 10, 10), "loss": losses, **columns})
    table.to_csv(path, sep="\t" if path.suffix == ".tsv" else ",", index=False)
    return path


def falling(number=60, rate=1.0):
    return [math.exp(-rate * step / number) for step in range(number)]


def test_curves_of_any_program_become_features(hf_sluice, tmp_path):
    both = pd.concat(
        pd.DataFrame({"task": t, "step": range(1, 61), "loss": falling(rate=r)}) for t, r in (("a", 1), ("b", 3))
    )
    both.to_csv(tmp_path / "both.csv", index=False)
    done = hf_sluice("relate", "features", tmp_path / "both.csv", curve(tmp_path, "c.tsv", falling(rate=2)), "-o",
                     tmp_path / "features.tsv")  # fmt: skip
    table = read_features(tmp_path / "features.tsv")

    assert done.code == 0
    assert "3 tasks" in done.out
    assert list(table.index) == ["a", "b", "c"]
    expected = {"a": -1, "b": -3, "c": -2}
    for task, rate in expected.items():
        assert table.loc[task, "relative_gradient_50"] == pytest.approx(rate, rel=0.1)
    assert table["sentences"].isna().all()


def test_data_features_come_from_a_recipe_and_a_budget_tells_a_beginning(hf_sluice, tmp_path):
    recipe = write(tmp_path)
    out = tmp_path / "features.parquet"
    losses = curve(tmp_path, "ner.tsv", falling(30))
    done = hf_sluice("relate", "features", losses, "--budget", 1000, "--data", recipe, "-o", out)
    table = read_features_of_one(out)

    assert done.code == 0
    assert table["sentences"] > 0
    assert not math.isnan(table["relative_gradient_20"])
    assert math.isnan(table["relative_gradient_50"])
    assert "50, 70 % of the budget of 1000" in done.err


def read_features_of_one(path):
    return pd.read_parquet(path).iloc[0]


@pytest.mark.parametrize(
    ("losses", "options", "said"),
    [
        ([1.0, math.nan, 0.5, 0.4], (), "the loss at step 20 is nan"),
        ([1.0, 0.5], (), "2 points are too few"),
        (falling(), ("--budget", 10), "beyond the budget"),
        (falling(), ("-o", "features.xlsx"), "should be named .tsv or .parquet"),
    ],
)
def test_bad_curves_are_one_line(hf_sluice, tmp_path, losses, options, said):
    out = tmp_path / "features.tsv"
    done = hf_sluice("relate", "features", curve(tmp_path, "ner.tsv", losses), "-o", out, *options)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not out.exists()


def test_a_task_twice_and_one_without_data_are_refused(hf_sluice, tmp_path):
    one = curve(tmp_path, "srl.tsv", falling())
    other = curve(tmp_path, "again.tsv", falling(), task="srl")
    for arguments, said in (
        ((one, other), "there is a curve of task 'srl' already"),
        ((one, "--data", write(tmp_path)), "the recipe has no task 'srl'"),
        ((tmp_path / "none.tsv",), "none.tsv"),
    ):
        done = hf_sluice("relate", "features", *arguments, "-o", tmp_path / "features.tsv")
        assert done.code == 2
        assert said in done.err
