from __future__ import annotations

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.relation_tables import checked_features, checked_gains, read_features, read_gains
from hf_sluice.errors import DataError, UserError

FEATURES = "task\tlabels\tcurve_a\npos\t12\t-0.5\nner\t9\t\n"
GAINS = "main\tauxiliary\tgain\npos\tner\t1.5\nner\tpos\t-0.25\n"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_tables_are_read(tmp_path):
    features = read_features(write(tmp_path / "f.tsv", FEATURES))
    assert features.loc["pos"].tolist() == [12, -0.5]
    assert features.isna().sum().sum() == 1
    gains = read_gains(write(tmp_path / "g.tsv", GAINS), ["pos", "ner"])
    assert gains["verdict"].tolist() == ["gain", "loss"]
    assert gains["seeds"].tolist() == [1, 1]
    assert gains["spread"].isna().all()


def test_parquet_may_keep_the_tasks_as_its_index(tmp_path):
    features = read_features(write(tmp_path / "f.tsv", FEATURES))
    features.to_parquet(tmp_path / "f.parquet")
    pd.testing.assert_frame_equal(read_features(tmp_path / "f.parquet"), features)


def test_verdicts_over_seeds_are_kept():
    table = pd.DataFrame({"main": ["a", "b"], "auxiliary": ["b", "a"], "gain": [0.1, 0.0], "spread": [1.0, 2.0],
                          "seeds": [3, 3], "verdict": ["undecided", "loss"], "low": [0, 0]})  # fmt: skip
    assert checked_gains(table, ["a", "b"])["verdict"].tolist() == ["undecided", "loss"]
    without = checked_gains(table.drop(columns="verdict"), ["a", "b"])
    assert without["verdict"].tolist() == ["gain", "loss"]  # no change is no gain, as in the paper


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("task\tlabels\npos\t12\n", "f.tsv: features: 1 task is too few; relations are between at least two"),
        ("task\tlabels\npos\t12\npos\t9\n", "f.tsv: features: task 'pos' stands there twice"),
        ("task\tlabels\npos\tinf\nner\t9\n", "f.tsv: features: labels of task 'pos' should be a finite number"),
        ("name\tlabels\npos\t12\nner\t9\n", "f.tsv: there is no column 'task'"),
    ],
)
def test_features_that_are_none(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read_features(write(tmp_path / "f.tsv", text))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("pos\tsrl\t1", "g.tsv: gains: there are no features of task 'srl'; there are those of pos, ner"),
        ("pos\tpos\t1", "g.tsv: gains: 'pos' is its own auxiliary task"),
        ("pos\tner\t", "g.tsv: gains: that of 'pos' with 'ner' is nan; it should be a finite number"),
        ("ner\tpos\t1\nner\tpos\t2", "g.tsv: gains: 'ner' with 'pos' stands there twice"),
        ("pos\tner\tmuch", "g.tsv:2: gain 'much' should be a number"),
    ],
)
def test_gains_that_are_none(tmp_path, row, message):
    path = write(tmp_path / "g.tsv", f"main\tauxiliary\tgain\n{row}\n")
    with pytest.raises(DataError, match=message):
        read_gains(path, ["pos", "ner"])


def test_features_that_are_words_and_verdicts_that_are_none():
    with pytest.raises(UserError, match="features: should be numbers"):
        checked_features(pd.DataFrame({"task": ["a", "b"], "labels": ["many", "few"]}))
    with pytest.raises(UserError, match="verdict 'win' should be one of gain, loss, undecided"):
        checked_gains(pd.DataFrame({"main": ["a"], "auxiliary": ["b"], "gain": [1.0], "verdict": ["win"]}), ["a", "b"])
    with pytest.raises(UserError, match="gains: there is no column 'auxiliary'; there is main, gain"):
        checked_gains(pd.DataFrame({"main": ["a"], "gain": [1.0]}), ["a", "b"])
