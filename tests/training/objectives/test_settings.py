from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from hf_sluice.training.objectives.settings import ObjectiveName, ObjectiveSettings

OWNERS = {"temperature": "dwa", "learning_rate": "famo", "decay": "famo", "radius": "cagrad"}
NAMES = get_args(ObjectiveName)


def test_the_weights_are_fixed_by_default():
    assert ObjectiveSettings() == ObjectiveSettings("fixed")


@pytest.mark.parametrize("name", NAMES)
def test_a_method_has_its_options_and_no_others(name):
    settings = ObjectiveSettings(name)

    assert set(OWNERS) == {field.name for field in fields(settings)} - {"name"}
    assert {o for o in OWNERS if getattr(settings, o) is not None} == {o for o in OWNERS if OWNERS[o] == name}


@pytest.mark.parametrize("option", OWNERS)
def test_an_option_is_given_to_its_method_alone(option):
    owner = OWNERS[option]
    assert ObjectiveSettings(owner, **{option: 0.25}).option(option) == 0.25
    with pytest.raises(ValueError, match=rf"^{option} is an option of {owner}, not of uncertainty$"):
        ObjectiveSettings("uncertainty", **{option: 0.25})


def test_the_papers_values_are_the_defaults():
    assert ObjectiveSettings("dwa").temperature == 2.0
    assert (ObjectiveSettings("famo").learning_rate, ObjectiveSettings("famo").decay) == (0.025, 0.001)


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("temperature", 0.0, "positive"),
        ("temperature", float("nan"), "positive"),
        ("learning_rate", -1.0, "positive"),
        ("decay", -0.1, "at least 0"),
        ("radius", float("nan"), "at least 0"),
    ],
)
def test_values_out_of_range_are_refused(option, value, wanted):
    with pytest.raises(ValueError, match=rf"^{option} {value} should be {wanted}$"):
        ObjectiveSettings(OWNERS[option], **{option: value})


@pytest.mark.parametrize("option", ["decay", "radius"])
def test_what_may_be_zero(option):
    assert ObjectiveSettings(OWNERS[option], **{option: 0.0}).option(option) == 0.0


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match=r"^name 'adam' is none of fixed, uncertainty, dwa, famo, pcgrad, "):
        ObjectiveSettings("adam")


def test_methods_that_compare_losses_of_one_batch_need_joint_steps():
    assert [name for name in NAMES if not ObjectiveSettings(name).needs_joint_steps] == ["fixed", "uncertainty", "dwa"]


def test_the_name_and_the_options_are_shown():
    assert str(ObjectiveSettings("pcgrad")) == "pcgrad"
    assert str(ObjectiveSettings("famo", decay=0.5)) == "famo, learning rate 0.025, decay 0.5"
