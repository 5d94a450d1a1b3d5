from __future__ import annotations

import json

from hf_sluice.analysis.model_summary import model_facts, model_summary, tasks_table
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
