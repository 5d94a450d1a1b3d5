from __future__ import annotations

import json

import pytest

from hf_sluice.analysis.model_summary import model_facts, model_summary, sharing_name, tasks_table
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.prediction.tiny_tagger import TASKS, tiny_tagger


def test_the_summary_says_what_the_configuration_and_the_weights_say():
    model, _ = tiny_tagger()
    summary = json.loads(json.dumps(model_summary(model)))

    assert summary["parameters"] == sum(parameter.numel() for parameter in model.parameters())
    assert summary["sharing"] == "sluice"
    assert summary["tasks"] == [task.to_dict() for task in TASKS]
    facts = dict(model_facts(model))
    assert facts["parameters"] == f"{summary['parameters']:,}"
    assert facts["layers"].startswith("2 of 8 units")


def test_every_task_has_a_row():
    model, _ = tiny_tagger()

    assert tasks_table(model).rows == (
        ("pos", "classification", "accuracy", "3", "1"),
        ("chunk", "classification", "span_f1", "3", "1"),
        ("length", "regression", "mean_squared_error", "-", "1"),
    )


@pytest.mark.parametrize(
    ("model", "sharing", "particular"),
    [
        (tiny_model(3), "sluice", [("networks", "3"), ("subspaces", "2")]),
        (tiny_model(3, sharing="hard_sharing"), "hard sharing", [("networks", "1"), ("subspaces", "2")]),
        (tiny_sparse_model(2), "sparse sharing", [("masked", "2,824 weights of 5 parameters")]),
    ],
)
def test_each_kind_of_model_has_facts_of_its_own(model, sharing, particular):
    facts = model_facts(model)

    assert sharing_name(model) == dict(facts)["sharing"] == sharing
    assert [fact for fact in facts if fact[0] in ("networks", "subspaces", "masked")] == particular
    assert model_summary(model)["sharing"] == sharing.replace(" ", "_")
