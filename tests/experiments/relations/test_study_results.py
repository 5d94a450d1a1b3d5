from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.relation_tables import read_features, read_gains
from hf_sluice.analysis.task_relations.relations import TaskRelations
from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.study_results import write_study
from hf_sluice.experiments.store import RunStore
from tests.experiments.relations.tiny_study import plan

FILES = ["features.parquet", "features.tsv", "gains.parquet", "gains.png", "gains.tsv", "gains_per_seed.tsv",
         "report.md", "scores.tsv"]  # fmt: skip


@pytest.fixture(scope="module")
def written(finished_study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "tiny"
    return folder, write_study(finished_study, folder)


def test_all_files_are_there_and_named(written):
    folder, study = written
    names = sorted(path.name for path in folder.iterdir())

    assert sorted(set(names) - {"predictor.json"}) == FILES
    assert sorted(path.name for path in study.files) == names


def test_the_tables_are_such_as_predictors_are_fitted_to(written):
    folder, _ = written
    features = read_features(folder / "features.parquet")
    gains = read_gains(folder / "gains.tsv", list(features.index))

    assert list(features.index) == ["pos", "ner", "chunk"]
    pd.testing.assert_frame_equal(read_features(folder / "features.tsv"), features)
    assert TaskRelations.from_tables(features, gains).features.shape == features.shape


def test_gains_are_those_of_the_scores(written):
    folder, _ = written
    scores = pd.read_csv(folder / "scores.tsv", sep="\t", keep_default_na=False, dtype={"score": float})
    score = {(row.task, row.auxiliary, row.seed): row.score for row in scores.itertuples()}
    gains = pd.read_csv(folder / "gains_per_seed.tsv", sep="\t")

    assert len(gains)
    for row in gains.itertuples():
        alone, together = score[row.main, "", row.seed], score[row.main, row.auxiliary, row.seed]
        assert row.gain == pytest.approx(100 * (together - alone) / alone)


def test_the_report_says_what_was_run_and_how_to_run_it_again(written, finished_study):
    report = (written[0] / "report.md").read_text(encoding="utf-8")

    assert f"hf-sluice relate study {finished_study.file} --seeds 2" in report
    assert "- runs: 12 finished of 12" in report
    assert "- cost: 120 batches for tasks alone, 240 for pairs" in report
    assert "- budget: 20 batches of 4 sentences alone, 40 in a pair" in report
    assert re.search(r"- commit: \S+", report)
    assert written[1].gains in report
    assert "runs are missing" not in report


def test_every_table_of_the_report_is_whole(written):
    report = (written[0] / "report.md").read_text(encoding="utf-8")
    tables = re.findall(r"(?:^\|.*\n)+", report, flags=re.MULTILINE)

    assert len(tables) >= 4
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1


def test_what_there_is_may_be_reported_before_all_is_made(finished_study, tmp_path):
    study = plan(tmp_path, seeds=(1, 2))
    for point in (*study.alone[:4], study.pairs[0]):
        shutil.copytree(finished_study.store.path / point.key, study.store.path / point.key)
    write_study(study, tmp_path / "out")
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")

    assert "**7 runs are missing**" in report
    assert "- tasks: ner + chunk, seed 2\n" in report
    assert list(pd.read_parquet(tmp_path / "out" / "features.parquet").index) == ["pos", "ner"]


def test_a_predictor_of_an_earlier_state_does_not_stay(finished_study, tmp_path):
    study = plan(tmp_path, seeds=(1, 2))
    for point in study.alone:
        shutil.copytree(finished_study.store.path / point.key, study.store.path / point.key)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "predictor.json").write_text("old", encoding="utf-8")
    write_study(study, tmp_path / "out")

    assert not (tmp_path / "out" / "predictor.json").exists()


def test_without_finished_runs_there_is_no_result(tmp_path):
    study = plan(tmp_path)
    assert isinstance(study.store, RunStore)
    with pytest.raises(UserError, match="tiny: 0 of 3 tasks have a finished run alone; there is no result yet"):
        write_study(study, tmp_path / "out")

    assert not (tmp_path / "out").exists()
