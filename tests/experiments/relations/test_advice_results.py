from __future__ import annotations

import json

import pandas as pd
import pytest

from hf_sluice.experiments.relations.advice_results import advice_values, cost_text, give_advice, write_advice
from hf_sluice.experiments.relations.inductions import plan_inductions
from hf_sluice.experiments.runner import Runner
from tests.analysis.task_relations.advised import fitted
from tests.experiments.relations.tiny_study import load
from tests.experiments.tiny_experiment import Here, Log

TRAINING = {"epochs": 10, "steps_per_epoch": 6, "log_steps": 1}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    folder = tmp_path_factory.mktemp("advice")
    recipe = load(folder, training=TRAINING)
    made = plan_inductions(recipe, "tiny.yaml", "ner", ["pos", "chunk"], 0.3, (1, 2), folder / "store")
    watcher = Log()
    Runner(made.store, Here(), watcher).make(made.missing)
    assert not watcher.given_up
    return made


def test_features_are_those_of_the_whole_budget_as_far_as_it_was_trained(plan):
    advice, found = give_advice(plan, fitted())
    assert list(found.table.index) == ["ner", "pos", "chunk"]
    assert found.table[["sentences", "relative_gradient_10", "relative_gradient_20"]].notna().all(axis=None)
    assert found.table[["relative_gradient_50", "curve_c"]].isna().all(axis=None)
    assert {task.name for task in advice.auxiliaries} == {"pos", "chunk"}
    assert any("relative_gradient_50" in line for line in advice.left_out)


def test_files_hold_what_is_said(plan, tmp_path):
    advice, found = give_advice(plan, fitted())
    folder = tmp_path / "made" / "for it"
    written = write_advice(plan, advice, found, "the text\n", folder)
    assert [path.name for path in written] == ["advice.txt", "advice.json", "advice.png", "features.parquet"]
    assert (folder / "advice.txt").read_text(encoding="utf-8") == "the text\n"
    assert json.loads((folder / "advice.json").read_text(encoding="utf-8")) == advice_values(plan, advice)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "features.parquet"), found.table)


def test_the_cost_is_told_in_batches_beside_that_of_the_pairs(plan):
    advice, _ = give_advice(plan, fitted())
    assert advice_values(plan, advice)["cost"] == {"batches": 108, "batches_of_pairs": 480, "share": 108 / 480}
    assert "6 runs of 18 batches, 108 in all" in cost_text(plan)
    assert "480: this is 22 %" in cost_text(plan)
