from __future__ import annotations

import lzma

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.published import read_published
from hf_sluice.errors import DataError
from tests.analysis.task_relations.published_part import TASKS, write_published_part


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_published_part(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def published(folder):
    return read_published(folder)


def test_tables_have_our_names(published):
    assert published.tasks == list(TASKS)
    assert published.data_features.loc["com"].to_dict() == {
        "sentences": 200, "labels": 3, "tokens_per_type": 9.2, "oov_rate": 1.2, "label_entropy": 0.2,
        "frobenius_norm": 202, "jsd": 0.32,
    }  # fmt: skip
    assert published.coefficients.to_dict() == {
        "main labels": 0.828,
        "auxiliary label_entropy": 0.798,
        "main gradient_10": pytest.approx(0.006),  # printed as 0.06, sorted as 0.006
    }


def test_gains_are_of_the_iterations_that_were_published(published):
    gains = published.gains.set_index(["main", "auxiliary"])
    assert len(gains) == 12
    assert gains.loc[("ccg", "mwe"), "gain"] == pytest.approx(100 * (0.5 / 0.45 - 1))
    assert gains.loc[("ccg", "mwe"), "verdict"] == "gain"
    assert gains.loc[("mwe", "ccg"), "verdict"] == "loss"


def test_curves_end_with_their_budget_and_begin_with_their_own_run(published):
    for task in TASKS:
        curve = published.curve(task)
        assert (len(curve.steps), curve.steps[0], curve.steps[-1], curve.budget) == (5000, 10, 50_000, 50_000)
    assert len(published.logged("com")[0]) == 10_000
    assert len(published.logged("hyperlinks")[0]) == 5010
    assert published.curve("hyperlinks").losses[0] < 9
    assert published.score_curve("mwe").scores[-1] == pytest.approx(0.45)


def test_what_is_missing_or_damaged_is_told(folder, tmp_path):
    with pytest.raises(DataError, match=r"train_curves.tsv.xz: cannot be read \(No such file or directory\); HF_SLU"):
        read_published(tmp_path)
    other = write_published_part(tmp_path / "other")
    whole = (folder / "train_curves.tsv.xz").read_bytes()
    for damaged in (whole[:100], b"no archive", lzma.compress(b"a\tb\n1\t2\n")):
        (other / "train_curves.tsv.xz").write_bytes(damaged)
        with pytest.raises(DataError, match=r"train_curves.tsv.xz: (damaged|the columns should be run, iter, task)"):
            read_published(other)


@pytest.mark.real_data
def test_the_published_curves_give_the_published_gains(data_root):
    published = read_published(data_root / "bingel2017")
    gains = published.gains
    assert gains["verdict"].value_counts().to_dict() == {"loss": 50, "gain": 40}
    typed = pd.read_csv(data_root / "bingel2017" / "pairs.tsv", sep="\t").rename(columns={"aux": "auxiliary"})
    both = gains.merge(typed, on=["main", "auxiliary"])
    assert len(both) == 90
    assert (both["gain_x"] - both["relative_change_pct"]).abs().max() < 1e-4
    assert len(published.coefficients) == 42
