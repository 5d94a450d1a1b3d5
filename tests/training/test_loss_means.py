from __future__ import annotations

import torch

from hf_sluice.training.loss_means import LossMeans


def added(*steps):
    losses = LossMeans()
    for step in steps:
        losses.add({name: torch.tensor(value) for name, value in step.items()})
    return losses


def test_means_are_over_the_steps_that_trained_the_task():
    losses = added({"pos": 1.0, "ner": 3.0}, {"pos": 2.0}, {"pos": 6.0})

    assert losses.means() == {"pos": 3.0, "ner": 3.0}


def test_a_task_of_no_step_has_no_mean():
    losses = added({"pos": 1.0, "ner": 3.0})
    losses.clear()
    losses.add({"ner": torch.tensor(5.0)})

    assert losses.means() == {"ner": 5.0}


def test_sums_hold_no_graph():
    weight = torch.tensor(2.0, requires_grad=True)
    losses = LossMeans()
    for _ in range(2):
        losses.add({"pos": weight * 3})

    assert not losses.sums["pos"].requires_grad


def test_losses_that_were_added_are_not_changed():
    first = torch.tensor(1.0)
    losses = LossMeans()
    losses.add({"pos": first})
    losses.add({"pos": torch.tensor(2.0)})

    assert first == 1.0


def test_sums_move_to_another_device():
    losses = added({"pos": 1.0}, {"ner": 2.0})
    losses.move_to(torch.device("meta"))

    assert {total.device.type for total in losses.sums.values()} == {"meta"}
