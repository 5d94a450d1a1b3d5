from __future__ import annotations

import io

from rich.console import Console

from hf_sluice.experiments.jobs import Ending, Outcome
from hf_sluice.experiments.progress import RunsProgress
from hf_sluice.experiments.store import RunStore
from tests.experiments.tiny_experiment import grid


def told(tmp_path, *, terminal):
    out = io.StringIO()
    one, other, *_ = grid(tmp_path)
    with RunsProgress(2, RunStore(tmp_path), Console(file=out, force_terminal=terminal, width=200)) as progress:
        progress.finished(one)
        progress.failed(other, Outcome(Ending.FAILED, "a line\nand another"))
    return progress, one, other, out.getvalue()


def test_without_a_terminal_there_is_a_line_per_run(tmp_path):
    _, one, other, text = told(tmp_path, terminal=False)
    assert text.splitlines() == [f"1/2 done: {one.label}", f"2/2 failed: {other.label}"]


def test_on_a_terminal_there_is_one_bar(tmp_path):
    _, _, other, text = told(tmp_path, terminal=True)
    assert "2/2" in text
    assert other.label in text
    assert "done:" not in text


def test_failures_are_kept_as_one_line_each(tmp_path):
    progress, _, other, _ = told(tmp_path, terminal=False)
    assert progress.failures == [f"{other.label}: a line and another ({tmp_path / other.key})"]
