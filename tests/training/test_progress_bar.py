from __future__ import annotations

import io
import sys

import pytest

from hf_sluice.training.progress_bar import TrainingBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(bar, steps, done=0):
    """Goes through an epoch; what standard error then holds."""
    with bar:
        bar.start_epoch(1, steps, done)
        for step in range(done, steps):
            bar.advance("loss 1.500" if bar.wants_status(step) else None)
        bar._progress.refresh()
    return sys.stderr.getvalue()


@pytest.mark.parametrize("done", [0, 2])
def test_epoch_steps_and_status_are_shown(monkeypatch, done):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", Terminal())
    text = shown(TrainingBar(3, shown=True), 12, done)

    for part in ("epoch 2/3", "12/12", "loss 1.500"):
        assert part in text


def test_another_process_shows_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())

    assert shown(TrainingBar(3, shown=False), 12) == ""


def test_where_there_is_no_terminal_nothing_is_shown_and_no_loss_waited_for(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    bar = TrainingBar(3, shown=True)

    assert shown(bar, 12) == ""
    assert not any(bar.wants_status(step) for step in range(100))


def test_losses_are_waited_for_every_few_steps_only(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    bar = TrainingBar(3, shown=True)

    assert sum(bar.wants_status(step) for step in range(100)) == 10
