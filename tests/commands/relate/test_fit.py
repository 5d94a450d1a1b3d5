from __future__ import annotations

import json

import pytest

from hf_sluice.analysis.task_relations.relations import TaskRelations
from tests.analysis.task_relations.known_relations import known_features, known_gains

FEATURES = known_features()


@pytest.fixture
def tables(tmp_path):
    FEATURES.to_csv(tmp_path / "features.tsv", sep="\t")
    known_gains(FEATURES).to_csv(tmp_path / "gains.csv", index=False)
    return tmp_path


def test_a_predictor_is_fitted_shown_and_written(hf_sluice, tables):
    done = hf_sluice("relate", "fit", tables / "features.tsv", tables / "gains.csv", "-o", tables / "predictor.json",
                     "--features", "labels,noise")  # fmt: skip
    assert (done.code, done.err) == (0, "")
    for words in ("random pairs", "a new task", "two new tasks", "names of the tasks alone", "nothing"):
        assert words in done.out
    assert done.out.endswith(f"wrote {tables / 'predictor.json'}\n")
    loaded = TaskRelations.load(tables / "predictor.json")
    assert loaded.names == ("labels", "noise")
    assert (loaded.predict(FEATURES)["probability"] > 0.5).mean() == pytest.approx(0.5, abs=0.1)


def test_what_is_not_known_is_told(hf_sluice, tables):
    FEATURES.assign(noise=FEATURES.noise.where(FEATURES.index != "ner")).to_csv(tables / "features.tsv", sep="\t")
    done = hf_sluice("relate", "fit", tables / "features.tsv", tables / "gains.csv", "-o", tables / "predictor.json",
                     "--features", "labels,noise")  # fmt: skip
    assert done.code == 0
    assert "left out: task 'ner': noise is not known" in done.out


def test_few_pairs_are_fitted_and_not_validated(hf_sluice, tables):
    known_gains(FEATURES).head(8).to_csv(tables / "gains.csv", index=False)
    done = hf_sluice("relate", "fit", tables / "features.tsv", tables / "gains.csv", "-o", tables / "predictor.json",
                     "--features", "labels")  # fmt: skip
    assert done.code == 0
    assert "not validated: 8 pairs of" in done.out
    assert json.loads((tables / "predictor.json").read_text(encoding="utf-8"))["version"] == 1


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda at: (at / "features.tsv").write_text("task\tlabels\npos\t1\n"), "features: 1 task is too few"),
        (lambda at: (at / "gains.csv").write_text("main,auxiliary,gain\npos,dep,1\n"), "no features of task 'dep'"),
        (lambda at: (at / "gains.csv").unlink(), "gains.csv: cannot be read (No such file or directory)"),
        (lambda at: (at / "gains.csv").write_text("main,auxiliary,gain\npos,ner,1\n"), "1 gains and 0 losses"),
    ],
)
def test_bad_input_is_one_line(hf_sluice, tables, spoil, message):
    spoil(tables)
    done = hf_sluice("relate", "fit", tables / "features.tsv", tables / "gains.csv", "-o", tables / "predictor.json",
                     "--features", "labels")  # fmt: skip
    assert done.code == 2
    assert done.err.startswith("hf-sluice: ")
    assert done.err.count("\n") == 1
    assert message in done.err
    assert not (tables / "predictor.json").exists()
