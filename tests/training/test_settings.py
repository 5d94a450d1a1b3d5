from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest

from hf_sluice.training.objectives.settings import ObjectiveName, ObjectiveSettings
from hf_sluice.training.settings import EarlyStopping, TrainingSettings

AT_LEAST_ONE = (
    "epochs", "steps_per_epoch", "batch_size", "batch_tokens", "first_batch_size", "micro_batch_size", "bucket_size",
    "checkpoint_steps", "log_steps",
)  # fmt: skip
POSITIVE = ("learning_rate", "temperature", "max_grad_norm", "word_dropout_alpha")
NOT_NEGATIVE = ("learning_rate_decay", "warmup_steps", "momentum", "weight_decay")
SHARES = ("word_dropout", "average_decay")
CHOICES = {
    "step": ("joint", "per_task"),
    "sampling": ("uniform", "proportional", "temperature"),
    "optimizer": ("sgd", "adamw", "adadelta"),
    "mixed_precision": ("no", "bf16", None),
    "optimizer_state": ("shared", "per_task", None),
    "learning_rate_schedule": ("inverse_time", "linear", "cosine"),
}
UNCHECKED = ("batch_growth", "early_stopping", "objective", "affinity", "cuda_graphs", "trackers")


@pytest.mark.parametrize("name", AT_LEAST_ONE)
def test_numbers_of_things_are_at_least_one(name):
    assert getattr(TrainingSettings(**{name: 1}), name) == 1
    with pytest.raises(ValueError, match=rf"^{name} 0 should be at least 1$"):
        TrainingSettings(**{name: 0})


@pytest.mark.parametrize("name", POSITIVE)
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan")])
def test_rates_are_positive(name, value):
    assert getattr(TrainingSettings(**{name: 1e-9}), name) == 1e-9
    with pytest.raises(ValueError, match=rf"^{name} {value} should be positive$"):
        TrainingSettings(**{name: value})


@pytest.mark.parametrize("name", NOT_NEGATIVE)
def test_what_may_be_switched_off_is_not_negative(name):
    assert getattr(TrainingSettings(**{name: 0}), name) == 0
    with pytest.raises(ValueError, match=rf"^{name} -1 should be at least 0$"):
        TrainingSettings(**{name: -1})


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan")])
def test_shares_leave_something(name, value):
    assert getattr(TrainingSettings(**{name: 0.99}), name) == 0.99
    with pytest.raises(ValueError, match=rf"^{name} {value} should be at least 0 and below 1$"):
        TrainingSettings(**{name: value})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"batch_growth": 1.0}, "batch_growth 1.0 should be above 1"),
        ({"batch_growth": float("inf")}, "batch_growth inf should be above 1"),
        ({"first_batch_size": 33}, "first_batch_size 33 should be at most batch_size 32"),
        (
            {"first_batch_size": 4, "batch_tokens": 9},
            "first_batch_size is for batches of batch_size, not of batch_tokens",
        ),
        ({"first_batch_size": 4, "step": "per_task"}, "first_batch_size needs step joint, not per_task"),
        (
            {"word_dropout": 0.1, "word_dropout_alpha": 0.25},
            "word_dropout and word_dropout_alpha should not both be given: each says which words go",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        TrainingSettings(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", CHOICES)
def test_choices_are_checked_outside_of_recipes_too(name):
    for choice in CHOICES[name]:
        assert getattr(TrainingSettings(**{"step": "per_task", name: choice}), name) == choice
    with pytest.raises(ValueError, match=rf"^{name} 'adam' is none of {', '.join(map(str, CHOICES[name]))}$"):
        TrainingSettings(**{name: "adam"})


def test_every_field_is_checked_or_known_not_to_be():
    checked = (*AT_LEAST_ONE, *POSITIVE, *NOT_NEGATIVE, *SHARES, *CHOICES, *UNCHECKED)
    assert sorted(checked) == sorted(field.name for field in fields(TrainingSettings))


@pytest.mark.parametrize(
    "name",
    [
        "max_grad_norm",
        "checkpoint_steps",
        "log_steps",
        "steps_per_epoch",
        "early_stopping",
        "micro_batch_size",
        "batch_tokens",
    ],
)
def test_what_none_switches_off(name):
    assert getattr(TrainingSettings(**{name: None}), name) is None


def test_the_learning_of_the_papers_is_the_default():
    settings = TrainingSettings()
    assert (settings.optimizer, settings.learning_rate, settings.sampling) == ("sgd", 0.1, "uniform")


@pytest.mark.parametrize("name", get_args(ObjectiveName))
def test_objectives_that_compare_tasks_within_a_batch_are_refused_with_steps_of_one_task(name):
    objective = ObjectiveSettings(name)
    assert TrainingSettings(objective=objective).objective is objective
    if name in ("fixed", "uncertainty", "dwa"):
        TrainingSettings(objective=objective, step="per_task")
        return
    with pytest.raises(ValueError, match=rf"^objective {name} needs step joint, not per_task$"):
        TrainingSettings(objective=objective, step="per_task")


@pytest.mark.parametrize("name", get_args(ObjectiveName))
def test_objectives_that_need_whole_batches_are_refused_with_pieces(name):
    settings = {"objective": ObjectiveSettings(name), "micro_batch_size": 4}
    if name in ("fixed", "uncertainty", "dwa"):
        assert TrainingSettings(**settings).micro_batch_size == 4
        return
    with pytest.raises(ValueError, match=rf"^micro_batch_size 4: objective {name} needs batches in one piece; "):
        TrainingSettings(**settings)


def test_batches_have_a_number_of_sentences_or_of_tokens():
    assert TrainingSettings(batch_tokens=512).batch_tokens == 512
    with pytest.raises(ValueError, match=r"^batch_tokens 512: stands instead of batch_size 8; leave one of the two"):
        TrainingSettings(batch_tokens=512, batch_size=8)


def test_a_state_per_task_is_for_steps_of_one_task():
    with pytest.raises(ValueError, match=r"^optimizer_state per_task needs step per_task, not joint$"):
        TrainingSettings(optimizer_state="per_task")


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        TrainingSettings().epochs = 3


def test_a_task_named_alone_has_all_the_weight():
    assert EarlyStopping("pos").weights == {"pos": 1.0}
    assert EarlyStopping({"pos": 1, "ner": 3.5}).weights == {"pos": 1, "ner": 3.5}


def test_patience_is_the_papers_two_epochs():
    assert EarlyStopping("pos").patience == 2
    assert EarlyStopping("pos", None).patience is None


def test_the_best_epoch_is_kept_unless_the_last_is_wanted():
    assert EarlyStopping("pos").keep == "best"
    assert EarlyStopping("pos", keep="last").keep == "last"
    with pytest.raises(ValueError, match=r"^keep 'first' is none of best, last$"):
        EarlyStopping("pos", keep="first")


@pytest.mark.parametrize(
    ("metric", "patience", "message"),
    [
        ("pos", 0, "patience 0 should be at least 1, or null for none"),
        ({}, 1, "metric should name a task, or give tasks their weights"),
        ({"pos": 1, "ner": 0}, 1, "metric: the weight of 'ner', 0, should be positive"),
        ({"pos": -2.0}, 1, "metric: the weight of 'pos', -2.0, should be positive"),
        ({"pos": float("nan")}, 1, "metric: the weight of 'pos', nan, should be positive"),
        ({"pos": float("inf")}, 1, "metric: the weight of 'pos', inf, should be positive"),
    ],
)
def test_early_stopping_that_could_not_decide_is_refused(metric, patience, message):
    with pytest.raises(ValueError, match=message):
        EarlyStopping(metric, patience)
