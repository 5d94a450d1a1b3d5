from __future__ import annotations

import json

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.curve_files import curve_from_metrics
from hf_sluice.analysis.task_relations.data_features import data_features
from hf_sluice.analysis.task_relations.definitions import FEATURES
from hf_sluice.experiments.relations.task_features import task_features
from hf_sluice.training.building import build_corpus

BUDGET = 20


def of_task(study, task):
    return [point for point in study.alone if point.recipe.task_names == [task]]


@pytest.fixture(scope="module")
def found(finished_study):
    runs = {task: of_task(finished_study, task) for task in ("pos", "chunk")}
    return task_features(runs, finished_study.store, BUDGET)


def test_every_feature_has_a_column(found):
    assert list(found.table.index) == ["pos", "chunk"]
    assert {feature.name for feature in FEATURES} <= set(found.table.columns)
    assert {str(kind) for kind in found.table.dtypes} == {"float64"}


def test_data_features_are_of_the_sentences_of_the_runs(finished_study, found):
    corpus = build_corpus(of_task(finished_study, "chunk")[0].recipe)

    for name, value in data_features(corpus, "chunk").items():
        np.testing.assert_equal(found.table.loc["chunk", name], np.nan if value is None else value)


def test_curve_features_are_of_the_mean_over_seeds(finished_study, found):
    files = [finished_study.store.path / point.key / "metrics.jsonl" for point in of_task(finished_study, "pos")]
    first, second = (curve_from_metrics(path, "pos", BUDGET) for path in files)
    assert first.steps.tolist() == second.steps.tolist() == list(range(1, 21))
    mean = (first.losses + second.losses) / 2

    # The first point beyond 50 % is step 11.
    assert found.table.loc["pos", "gradient_50"] == pytest.approx((mean[11] - mean[9]) / 2)


def test_what_is_not_known_is_told(found):
    assert "oov_rate is not known of pos, chunk (the recipe names no tokenizer.word_vectors)" in found.problems
    assert found.table["oov_rate"].isna().all()


def test_a_curve_that_is_none_is_told_and_leaves_the_rest(finished_study, tmp_path):
    point = of_task(finished_study, "ner")[0]
    folder = tmp_path / point.key
    folder.mkdir()
    lines = [{"event": "loss", "step": step, "losses": {"ner": float("nan") if step == 6 else 1.0}}
             for step in range(2, 21, 2)]  # fmt: skip
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    store = type(finished_study.store)(tmp_path)
    found = task_features({"ner": [point]}, store, BUDGET)

    assert any("task 'ner'" in problem and "step 6 is nan" in problem for problem in found.problems)
    assert any("no development scores of task 'ner'" in problem for problem in found.problems)
    assert found.table.loc["ner", "sentences"] == 24
    assert np.isnan(found.table.loc["ner", "gradient_50"])
