from __future__ import annotations

import threading
from contextlib import suppress

import pytest
import torch

from hf_sluice.training.batches_ahead import BatchesAhead
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_trainer

CPU, ELSEWHERE = torch.device("cpu"), torch.device("meta")


class Step:
    def __init__(self, number):
        self.number = number


class Maker:
    """Makes batches, and keeps a note of which and where."""

    def __init__(self):
        self.made, self.threads = [], []

    def __call__(self, step):
        self.made.append(step.number)
        self.threads.append(threading.current_thread())
        if step.number == 3:
            raise ValueError("three is no batch")
        return f"batch {step.number}"


@pytest.fixture
def make():
    return Maker()


@pytest.fixture(autouse=True)
def _no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == before


def test_batches_are_those_of_the_steps_in_their_order(make):
    steps, batches = [Step(number) for number in (2, 0, 1)], BatchesAhead(make, ELSEWHERE)
    with batches.expecting(steps):
        assert [batches.of(step) for step in steps] == ["batch 2", "batch 0", "batch 1"]
    assert make.made == [2, 0, 1]
    assert threading.main_thread() not in make.threads


def test_one_is_made_ahead(make):
    steps, batches = [Step(number) for number in range(3)], BatchesAhead(make, ELSEWHERE)
    done = threading.Event()
    batches._make = lambda step: (make(step), done.set() if step.number == 1 else None)[0]
    with batches.expecting(steps):
        batches.of(steps[0])
        assert done.wait(60)  # though nobody has asked for it
        assert make.made == [0, 1]


def test_on_a_cpu_they_are_made_when_they_are_asked_for(make):
    steps, batches = [Step(number) for number in range(2)], BatchesAhead(make, CPU)
    with batches.expecting(steps):
        assert make.made == []
        assert [batches.of(step) for step in steps] == ["batch 0", "batch 1"]
    assert set(make.threads) == {threading.main_thread()}


def test_what_goes_wrong_is_raised_where_the_batch_is_asked_for(make):
    steps, batches = [Step(number) for number in (2, 3, 4)], BatchesAhead(make, ELSEWHERE)
    with batches.expecting(steps):
        assert batches.of(steps[0]) == "batch 2"
        with pytest.raises(ValueError, match="three is no batch"):
            batches.of(steps[1])
        assert batches.of(steps[2]) == "batch 4"


def test_who_stops_halfway_can_begin_again(make):
    steps, batches = [Step(number) for number in range(3)], BatchesAhead(make, ELSEWHERE)
    with suppress(KeyboardInterrupt), batches.expecting(steps):
        batches.of(steps[0])
        raise KeyboardInterrupt
    with batches.expecting(steps[1:]):
        assert [batches.of(step) for step in steps[1:]] == ["batch 1", "batch 2"]


def test_what_was_not_expected_is_made_all_the_same(make):
    batches = BatchesAhead(make, ELSEWHERE)
    other = Step(7)
    assert batches.of(other) == "batch 7"
    with batches.expecting([expected := Step(1)]):
        assert batches.of(other) == "batch 7"
        assert batches.of(expected) == "batch 1"
        assert batches.of(other) == "batch 7"


def test_training_is_the_same_to_the_bit(tmp_path):
    corpus, models = demo(train=24), []
    for device in (CPU, ELSEWHERE):
        trainer = new_trainer(corpus, tmp_path / device.type, epochs=1)
        trainer._steps._batches._device = device
        trainer.train(show_progress=False)
        models.append(copy_of(trainer.model))
    assert_equal_parameters(*models)
