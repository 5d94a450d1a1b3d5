from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.default_features import DEFAULT_FEATURES
from hf_sluice.analysis.task_relations.relations import CONTRIBUTION, TaskRelations
from hf_sluice.errors import UserError
from tests.analysis.task_relations.known_relations import TASKS, known_features, known_gains

FEATURES = known_features()
RELATIONS = TaskRelations.from_tables(FEATURES, known_gains(FEATURES), "made up")
FITTED = RELATIONS.fit(["labels", "noise"])
NEW = pd.DataFrame({"labels": [8.0, 1.0, 16.0], "noise": [0.05, 0.1, 0.2]}, index=pd.Index(["much", "few", "most"]))


def test_what_makes_gains_among_known_tasks_predicts_those_of_new_ones():
    found = FITTED.predict(NEW, [("much", "few"), ("few", "much")])
    assert found.index.names == ["main", "auxiliary"]
    assert found.loc[("much", "few"), "probability"] > 0.9
    assert found.loc[("few", "much"), "probability"] < 0.1
    assert found.loc[("much", "few"), "gain"] > 3
    assert found.loc[("much", "few"), f"{CONTRIBUTION}main labels"] > 0
    assert found.loc[("few", "much"), f"{CONTRIBUTION}main labels"] < 0


def test_without_pairs_all_are_predicted():
    assert len(FITTED.predict(NEW)) == 6
    known = FITTED.predict(FEATURES)
    gains = RELATIONS.gains.set_index(["main", "auxiliary"])["verdict"]
    assert ((known["probability"] > 0.5) == (gains.loc[known.index] == "gain")).mean() > 0.95


def test_how_far_a_task_lies_outside_is_told():
    found = FITTED.predict(NEW, [("most", "few")]).iloc[0]
    assert (found["main outside"], found["auxiliary outside"]) == (pytest.approx(8 / 7), 0)
    outside = FITTED.extrapolation(NEW)
    assert outside.loc["most", ["outside", "feature"]].tolist() == [1, "labels"]
    assert outside.loc["few", "outside"] == 0


def test_what_is_not_known_is_left_out_and_told_and_nothing_put_in_its_place():
    gap = NEW.assign(noise=[0.05, np.nan, 0.2])
    fitted = FITTED.fitted_for(gap)
    assert fitted.left_out == ("task 'few': noise is not known",)
    assert fitted.predictor.columns == ("main labels", "auxiliary labels", "main/auxiliary labels")
    without = RELATIONS.fit(["labels"]).predict(NEW[["labels"]])
    pd.testing.assert_frame_equal(FITTED.predict(gap), without)
    pd.testing.assert_frame_equal(FITTED.predict(NEW[["labels"]]), without)  # no such column at all
    assert FITTED.fitted_for(NEW) is FITTED


def test_a_ratio_over_zero_is_left_out_alone():
    zero = NEW.assign(noise=[0.0, 0.1, 0.2])
    columns = FITTED.fitted_for(zero, [("few", "much")]).predictor.columns
    assert set(FITTED.predictor.columns) - set(columns) == {"main/auxiliary noise"}
    assert FITTED.fitted_for(zero, [("much", "few")]) is FITTED


def test_default_features_that_there_are_not_are_told():
    fitted = RELATIONS.fit()
    assert fitted.names == ("labels",)
    assert fitted.left_out == tuple(f"no task has {name}" for name in DEFAULT_FEATURES if name != "labels")


@pytest.mark.parametrize(
    ("features", "pairs", "message"),
    [
        (NEW.head(1), None, "there is no pair of two tasks; at least two tasks are needed"),
        (NEW, [("much", "srl")], "there are no features of task 'srl'; there are those of much, few, most"),
        (NEW[[]], None, "nothing is known of the tasks that the predictor reads, such as main labels"),
    ],
)
def test_what_cannot_be_predicted_is_told(features, pairs, message):
    with pytest.raises(UserError, match=message):
        FITTED.predict(features, pairs)


def test_there_is_no_prediction_before_a_fit():
    with pytest.raises(ValueError, match="there is no predictor yet"):
        RELATIONS.predict(NEW)
    with pytest.raises(UserError, match="there is no feature 'lables' of the tasks"):
        RELATIONS.fit(["lables"])


def test_a_saved_predictor_predicts_the_same_bit_by_bit(tmp_path):
    path = tmp_path / "predictor.json"
    fitted = TaskRelations.from_tables(
        FEATURES.assign(curve_a=np.nan), known_gains(FEATURES).assign(spread=np.nan), "made up"
    ).fit(["labels", "noise"])
    fitted.save(path)
    loaded = TaskRelations.load(path)
    pd.testing.assert_frame_equal(loaded.predict(NEW), fitted.predict(NEW), check_exact=True)
    pd.testing.assert_frame_equal(loaded.features, fitted.features, check_exact=True)
    pd.testing.assert_frame_equal(loaded.gains, fitted.gains, check_exact=True)
    assert (loaded.names, loaded.left_out, loaded.settings) == (fitted.names, fitted.left_out, fitted.settings)
    assert loaded.source == "made up"
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()
    # Fitted again from what the file holds, it is the same.
    pd.testing.assert_frame_equal(loaded.fit(["labels", "noise"]).predict(NEW), fitted.predict(NEW), check_exact=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda values: values.update(version=2), "version 2 of the format; this program reads version 1"),
        (lambda values: values.pop("version"), "version None of the format; this program reads version 1"),
        (lambda values: values.update(format="pickle"), "no predictor of gains; its format should be 'hf_sluice.task_"),
        (lambda values: values.pop("columns"), "columns is missing"),
        (lambda values: values.update(colour=1), "colour is no field of a predictor"),
        (lambda values: values["columns"][0].update(minimum="low"), r"columns.0.minimum: .*, not 'low'"),
        (lambda values: values["columns"][0].update(name="main size"), "'main size' is of none of the features, label"),
        (lambda values: values["gains"][0].update(main="dep"), "gains: task 'dep' is none of the tasks, ccg, chunk"),
        (lambda values: values["gains"][0].update(verdict="win"), "gains.0.verdict"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, change, message):
    path = tmp_path / "predictor.json"
    FITTED.save(path)
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(UserError, match=f"^{path}: .*{message}") as caught:
        TaskRelations.load(path)
    assert "\n" not in str(caught.value)


def test_what_is_no_file_of_a_predictor(tmp_path):
    with pytest.raises(UserError, match=r"none.json: the predictor cannot be read \(No such file or directory\)"):
        TaskRelations.load(tmp_path / "none.json")
    (tmp_path / "cut.json").write_text('{"format": "hf_sl', encoding="utf-8")
    with pytest.raises(UserError, match=r"cut.json: not JSON; a predictor is a file that"):
        TaskRelations.load(tmp_path / "cut.json")
    with pytest.raises(ValueError, match="there is no predictor yet"):
        RELATIONS.save(tmp_path / "unfitted.json")


def test_the_predictor_that_ships_reads_what_compares_elsewhere():
    published = TaskRelations.published()
    assert published.names == DEFAULT_FEATURES
    assert len(published.features) == 10
    assert published.gains["verdict"].value_counts().to_dict() == {"loss": 50, "gain": 40}
    assert published.left_out == ()
    again = published.fit()
    assert again.predictor.columns == published.predictor.columns
    assert np.allclose(again.predictor.log_odds.coefficients, published.predictor.log_odds.coefficients, atol=1e-6)


def test_validation_is_of_the_pairs_it_was_fitted_on():
    found = FITTED.validate(runs=1)
    assert found.pairs == len(TASKS) * (len(TASKS) - 1)
    assert FITTED.known_pairs.columns == list(FITTED.predictor.columns)
