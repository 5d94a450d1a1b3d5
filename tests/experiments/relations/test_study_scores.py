from __future__ import annotations

import json

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.study_scores import study_scores
from tests.experiments.relations.tiny_study import plan


def test_a_run_of_a_pair_scores_both_of_its_tasks(finished_study):
    table = study_scores(finished_study).table

    assert len(table) == 2 * (3 + 2 * 3)
    pair = finished_study.pairs[0]
    assert table.loc[table["run"] == pair.key, ["task", "auxiliary", "seed"]].to_numpy().tolist() == [
        ["pos", "ner", 1], ["ner", "pos", 1]
    ]  # fmt: skip
    assert set(table.loc[table["auxiliary"] == "", "task"]) == {"pos", "ner", "chunk"}


def test_scores_are_those_of_all_test_sentences_by_the_tasks_metric(finished_study):
    scores = study_scores(finished_study)
    point = finished_study.alone[-1]
    results = json.loads((finished_study.store.path / point.key / "results.json").read_text(encoding="utf-8"))
    wanted = [row["value"] for row in results["scores"]["single task"]["test"]
              if (row["metric"], row["domain"], row["span_type"]) == ("span_f1", "all", None)]  # fmt: skip
    (row,) = scores.table[scores.table["run"] == point.key].to_dict("records")

    assert (row["task"], row["metric"], [row["score"]]) == ("chunk", "span_f1", wanted)
    assert scores.smaller_is_better == frozenset()


def test_each_task_of_a_pair_is_trained_on_as_many_batches_as_alone(finished_study):
    runs = study_scores(finished_study).runs

    assert {runs[point.key]["steps"] for point in finished_study.alone} == {20}
    assert {runs[point.key]["steps"] for point in finished_study.pairs} == {40}


def test_runs_that_are_not_finished_have_no_scores(tmp_path):
    assert study_scores(plan(tmp_path)).table.empty


def test_damaged_results_are_told(tmp_path):
    study = plan(tmp_path)
    folder = study.store.folder(study.alone[0])
    folder.open(study.store.recipe(study.alone[0]), overwrite=False)
    (folder.path / "results.json").write_text("{", encoding="utf-8")

    with pytest.raises(UserError, match=r"results\.json: damaged"):
        study_scores(study)
