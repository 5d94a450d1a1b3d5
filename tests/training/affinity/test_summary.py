from __future__ import annotations

import math

import pytest

from hf_sluice.training.affinity.summary import summarise_affinity

EVENTS = [
    {"event": "affinity", "step": 2, "affinity": {"pos": {"pos": 0.5, "ner": 1.0}, "ner": {"ner": 2.0}}},
    {"event": "loss", "step": 2, "losses": {"pos": 1.0}},
    {"event": "affinity", "step": 4, "affinity": {"pos": {"pos": 0.25, "ner": 3.0}}},
    {"event": "affinity", "step": 6, "affinity": {"pos": {"ner": 8.0}}},
]


def test_values_are_averaged_over_the_steps_that_have_them():
    summary = summarise_affinity(EVENTS)

    assert summary["pos"]["pos"] == {"mean": 0.375, "standard_error": pytest.approx(0.125), "steps": 2}
    # Deviations −3, −1, 4: variance 26/2, of the mean 26/6.
    assert summary["pos"]["ner"] == {"mean": 4.0, "standard_error": pytest.approx(math.sqrt(26 / 6)), "steps": 3}
    assert list(summary) == ["pos", "ner"]


def test_one_step_has_no_error():
    assert summarise_affinity(EVENTS)["ner"] == {"ner": {"mean": 2.0, "standard_error": None, "steps": 1}}


def test_where_nothing_was_measured_there_is_nothing():
    assert summarise_affinity(EVENTS[1:2]) == {}
