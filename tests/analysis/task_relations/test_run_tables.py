from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.relations import TaskRelations
from hf_sluice.analysis.task_relations.run_tables import features_of_runs, gains_of_runs
from hf_sluice.errors import UserError
from hf_sluice.experiments.relations.study_scores import study_scores
from hf_sluice.experiments.relations.task_features import task_features
from hf_sluice.experiments.runner import Runner
from tests.experiments.relations.tiny_study import plan
from tests.experiments.tiny_experiment import Here, Log


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two tasks alone and together, with two seeds."""
    study = plan(tmp_path_factory.mktemp("study"), seeds=(1, 2), tasks=["pos", "chunk"])
    watcher = Log()
    Runner(study.store, Here(), watcher).make(study.missing)
    assert not watcher.given_up
    return study


@pytest.fixture(scope="module")
def alone(study):
    return {task: [study.store.path / point.key for point in study.alone if point.recipe.task_names == [task]]
            for task in ("pos", "chunk")}  # fmt: skip


@pytest.fixture(scope="module")
def together(study):
    folders = [study.store.path / point.key for point in study.pairs]
    return {("pos", "chunk"): folders, ("chunk", "pos"): folders}


def test_features_are_those_of_a_study(study, alone):
    runs = {task: [point for point in study.alone if point.recipe.task_names == [task]] for task in alone}
    found, expected = features_of_runs(alone), task_features(runs, study.store, budget=20).table
    assert list(found.index) == ["pos", "chunk"]
    assert found["relative_gradient_30"].notna().all()
    pd.testing.assert_frame_equal(found, expected[found.columns])


def test_of_a_beginning_what_lies_beyond_is_not_known(alone):
    found = features_of_runs(alone, budget=50)
    assert found["smoothed_level_30"].notna().all()
    assert found["smoothed_level_50"].isna().all()


def test_gains_are_of_runs_with_the_same_seed(study, alone, together):
    gains = gains_of_runs(alone, together).set_index(["main", "auxiliary"])
    scores = study_scores(study).table.set_index(["task", "auxiliary", "seed"])["score"]
    for main, other in together:
        changes = [100 * (scores[main, other, seed] / scores[main, "", seed] - 1) for seed in (1, 2)
                   if scores[main, "", seed] > 0]  # fmt: skip
        if changes:
            assert gains.loc[(main, other), "gain"] == pytest.approx(np.mean(changes))
            assert gains.loc[(main, other), "seeds"] == len(changes)


def test_relations_come_from_runs(alone, together):
    relations = TaskRelations.from_runs(alone, together, source="tiny")
    assert list(relations.features.index) == ["pos", "chunk"]
    assert relations.predictor is None
    assert relations.source == "tiny"


def test_runs_that_lack_what_is_asked_for_are_named(alone, together, tmp_path):
    with pytest.raises(UserError, match="the run has no task 'ner'; it has pos, chunk"):
        gains_of_runs({"ner": together["pos", "chunk"]}, together)
    with pytest.raises(UserError, match="no pair has a gain: pos with chunk: no seed of which"):
        gains_of_runs(alone, {})
    copy = tmp_path / "copy"
    shutil.copytree(alone["pos"][0], copy)
    (copy / "results.json").unlink()
    with pytest.raises(UserError, match=r"no finished run; results.json is missing"):
        gains_of_runs({"pos": [copy]}, together)
    (copy / "metrics.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match=r"no losses of task 'pos'; train with training.log_steps"):
        features_of_runs({"pos": [copy]})
