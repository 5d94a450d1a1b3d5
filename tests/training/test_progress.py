from __future__ import annotations

import copy
import io
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training.loss_means import LossMeans
from hf_sluice.training.progress import TrainingProgress

scores = st.lists(st.floats(-1, 1), min_size=1, max_size=12)


def progress_after(values):
    progress = TrainingProgress()
    gains = []
    for value in values:
        gains.append(progress.record(value))
        progress.next_epoch()
    return progress, gains


def step(progress, **losses):
    progress.add({name: torch.tensor(value) for name, value in losses.items()}, tokens=10)


@given(scores)
def test_the_best_epoch_is_the_first_with_the_best_score(values):
    progress, gains = progress_after(values)

    assert progress.best_score == max(values)
    assert progress.best_epoch == values.index(max(values))
    assert progress.epochs_without_gain == len(values) - 1 - progress.best_epoch
    assert gains == [all(value > earlier for earlier in values[:i]) for i, value in enumerate(values)]


def test_an_epoch_with_a_score_follows_one_without():
    progress, gains = progress_after([math.nan, -5.0, math.nan, -4.0])

    assert gains == [True, True, False, True]
    assert (progress.best_score, progress.best_epoch) == (-4.0, 3)


def test_losses_are_means_over_the_steps_that_trained_the_task():
    progress = TrainingProgress()
    step(progress, pos=1.0, penalty=4.0)
    step(progress, ner=3.0, penalty=6.0)
    step(progress, pos=2.0, penalty=8.0)

    assert progress.mean_losses() == {"pos": 1.5, "penalty": 6.0, "ner": 3.0}
    assert (progress.step, progress.step_in_epoch, progress.tokens) == (3, 3, 30)


def test_what_has_not_been_logged_outlasts_the_epoch():
    progress = TrainingProgress(unlogged=LossMeans())
    step(progress, pos=1.0)
    progress.next_epoch()
    step(progress, pos=2.0, ner=4.0)

    assert progress.mean_losses() == {"pos": 2.0, "ner": 4.0}
    assert progress.unlogged.means() == {"pos": 1.5, "ner": 4.0}


def test_the_last_score_is_that_of_the_last_epoch():
    progress, _ = progress_after([0.25, 0.5, 0.125])

    assert (progress.last_score, progress.best_score) == (0.125, 0.5)


def test_all_sums_move_to_another_device():
    progress = TrainingProgress(unlogged=LossMeans())
    step(progress, pos=1.0)
    progress.move_to(torch.device("meta"))

    assert {of.sums["pos"].device.type for of in (progress.losses, progress.unlogged)} == {"meta"}


def test_the_next_epoch_begins_with_nothing_but_the_steps():
    progress = TrainingProgress()
    step(progress, pos=1.0)
    progress.next_epoch()

    assert progress == TrainingProgress(epoch=1, step=1)
    assert progress.mean_losses() == {}


@pytest.mark.parametrize("unlogged", [None, LossMeans({"ner": torch.tensor(3.0)}, {"ner": 2})])
@pytest.mark.parametrize("epochs", [0, 2])
def test_what_is_written_reads_as_the_same_progress(epochs, unlogged):
    progress, _ = progress_after([0.25, 0.125][:epochs])
    progress.unlogged = copy.deepcopy(unlogged)
    step(progress, pos=0.1, penalty=0.2)
    file = io.BytesIO()
    torch.save(progress.state_dict(), file)
    file.seek(0)
    read = TrainingProgress.from_state_dict(torch.load(file, weights_only=True))

    assert read == progress
    step(read, pos=0.7)
    assert progress.losses.counts["pos"] == 1
