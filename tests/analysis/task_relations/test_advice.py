from __future__ import annotations

import json
import math

import numpy as np
import pytest

from hf_sluice.analysis.task_relations.advice import Advice
from hf_sluice.errors import UserError
from tests.analysis.task_relations.advised import advice, fitted, task_table


def test_candidates_come_by_probability_and_are_those_of_the_predictor():
    relations, features = fitted(), task_table(["ner", "pos", "chunk", "srl"], seed=1)
    given = Advice.of(relations, features, "ner", ["pos", "chunk", "srl"])

    assert {task.name for task in given.auxiliaries} == {"pos", "chunk", "srl"}
    probabilities = [task.probability for task in given.auxiliaries]
    assert probabilities == sorted(probabilities, reverse=True)
    predicted = relations.predict(features, [("ner", task.name) for task in given.auxiliaries])
    assert probabilities == pytest.approx(list(predicted["probability"]))
    assert [task.gain for task in given.auxiliaries] == pytest.approx(list(predicted["gain"]))


def test_reasons_add_up_to_the_log_odds():
    relations = fitted()
    mean_pair = relations.predictor.log_odds.at(relations.predictor.centre[None])[0]
    for task in advice(relations=relations).auxiliaries:
        log_odds = mean_pair + sum(reason.log_odds for reason in task.reasons)
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(task.probability)
        sizes = [abs(reason.log_odds) for reason in task.reasons]
        assert sizes == sorted(sizes, reverse=True)


def test_reasons_show_the_values_of_both_tasks_and_their_ratio():
    features = task_table(["ner", "pos"], seed=1)
    given = Advice.of(fitted(), features, "ner", ["pos"])
    values = {reason.feature: reason.value for reason in given.auxiliaries[0].reasons}
    main, auxiliary = features.loc["ner", "labels"], features.loc["pos", "labels"]
    assert values["main labels"] == main
    assert values["auxiliary labels"] == auxiliary
    assert values["main/auxiliary labels"] == pytest.approx(main / auxiliary)


def test_the_strongest_reasons_speak_on_one_side_alone():
    task = advice().auxiliaries[0]
    for speaking_for in (True, False):
        strongest = task.strongest(speaking_for=speaking_for, at_most=2)
        assert len(strongest) == 2
        assert all((reason.log_odds > 0) is speaking_for for reason in strongest)
        rest = [r for r in task.reasons if (r.log_odds > 0) is speaking_for and r not in strongest]
        assert all(abs(r.log_odds) <= min(abs(s.log_odds) for s in strongest) for r in rest)


def test_what_is_not_known_is_told_once_and_not_read():
    given = advice(relative_gradient_50=np.nan, relative_gradient_70=np.nan)
    assert given.left_out == ("relative_gradient_50, relative_gradient_70: not known of ner, pos, chunk, srl",)
    read = {reason.feature for reason in given.auxiliaries[0].reasons}
    assert read
    assert not any(feature.endswith(("_50", "_70")) for feature in read)


def test_a_task_far_from_all_known_ones_is_told():
    given = advice(sentences=1e6)
    assert (given.outside["furthest"] > 100).all()
    assert set(given.outside["feature"]) == {"sentences"}


def test_advice_says_what_it_is_worth_unless_too_little_is_known():
    relations = fitted()
    validation = advice(relations=relations).validation
    assert validation.new_task.accuracy == pytest.approx(relations.validate(runs=10).new_task.accuracy)
    assert advice(relations=fitted(num_tasks=3)).validation is None


def test_plain_values_are_json_and_hold_everything():
    given = advice()
    values = json.loads(json.dumps(given.to_dict()))
    assert values["main"] == "ner"
    assert [task["task"] for task in values["auxiliaries"]] == [task.name for task in given.auxiliaries]
    assert len(values["auxiliaries"][0]["reasons"]) == len(given.auxiliaries[0].reasons)
    assert set(values["outside"]) == {"ner", "pos", "chunk", "srl"}
    assert values["validation"]["a new task"]["accuracy"] == given.validation.new_task.accuracy
    assert values["held_out"] == "two new tasks"


def test_a_task_is_known_by_its_features_and_not_by_its_name():
    relations = fitted()
    features = task_table(["known0", "known1", "known2", "other"], seed=1)
    features.loc["known0"] = relations.features.loc["known0"]
    features.loc["known1"] = relations.features.loc["known1"]

    def given(main, *auxiliaries):
        return Advice.of(relations, features, main, auxiliaries)

    assert given("known0", "known1", "known2").new == ("known2",)
    assert given("known0", "known1").held_out == "random pairs"
    assert given("known0", "known2").held_out == given("other", "known0").held_out == "a new task"
    assert given("known2", "known0", "other").held_out == "two new tasks"


def test_nothing_known_is_refused():
    features = task_table(["ner", "pos"]) * np.nan
    with pytest.raises(UserError, match="nothing is known"):
        Advice.of(fitted(), features, "ner", ["pos"])
