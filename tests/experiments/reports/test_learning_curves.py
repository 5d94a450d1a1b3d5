from __future__ import annotations

import math

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_results import experiment_of, results_of, runs_of, table_below

RATE = {"single task": 0.9, "hard sharing": 0.5}


def noise_experiment():
    settings = {"form": "learning_curves", "task": "noise", "published": "it fits"}
    return experiment_of(settings, {"system": tuple(RATE)})


def curve_of(point, epochs=30):
    """The loss falls by a rate, stays, and rises by 0.5 in the last epoch; seeds are 0.1 apart."""
    losses = [max(RATE[point.values["system"]] ** epoch, 0.2) + 0.1 * point.recipe.seed for epoch in range(epochs)]
    losses[-1] += 0.5
    return [
        {"epoch": epoch, "losses": {"noise": loss, "penalty": 0.0}, "validation": {"noise": None}}
        for epoch, loss in enumerate(losses)
    ]


def report_of(folder, **fields):
    experiment = noise_experiment()
    characteristics = {"sentences": 2, "words": 9, "types": 5, "label entropy of noise": 2.0}
    fields = {"tasks": ["noise", "pos"], "curve": curve_of, "characteristics": characteristics, **fields}
    results = results_of(experiment, lambda *_: 0.5, tasks=[("noise", "accuracy")])
    paths = write_report(experiment, results, runs_of(experiment, **fields), folder)
    assert [path.name for path in paths] == ["report.md", "learning_curves.png"]
    return (folder / "report.md").read_text(encoding="utf-8")


def test_losses_are_shown_at_equal_distances_from_the_first_to_the_last_epoch(tmp_path):
    heads, single, hard = table_below(report_of(tmp_path), "Loss after epochs")

    assert heads[1:] == ["1", "5", "9", "13", "18", "22", "26", "30"]
    assert single[:3] == ["single task", "1.200 ± 0.100", f"{0.9**4 + 0.2:.3f} ± 0.100"]
    assert hard[-1] == "0.900 ± 0.100"


def test_the_last_and_the_lowest_loss_are_told_apart(tmp_path):
    _, single, hard = table_below(report_of(tmp_path), "Loss at the end")

    assert single == ["single task", "0.900 ± 0.100", "0.400 ± 0.100"]
    assert hard == ["hard sharing", "0.900 ± 0.100", "0.400 ± 0.100"]


def test_a_run_that_ended_early_ends_at_its_own_last_epoch(tmp_path):
    def shorter(point):
        return curve_of(point, 10 if point.recipe.seed == 1 else 30)

    _, single, _ = table_below(report_of(tmp_path, curve=shorter), "Loss at the end")
    lasts = [0.9**9 + 0.1 + 0.5, 0.9, 1.0]
    assert single[1].startswith(f"{sum(lasts) / 3:.3f} ± ")


def test_the_loss_of_one_who_knows_the_frequencies_alone_is_told_in_nats(tmp_path):
    assert f"their entropy, {2 * math.log(2):.3f} nats" in report_of(tmp_path)
    assert "their entropy." in report_of(tmp_path, characteristics=None)


def test_published_words_are_shown(tmp_path):
    assert "Published: it fits" in report_of(tmp_path)


def test_runs_without_a_loss_of_the_task_are_refused(tmp_path):
    with pytest.raises(UserError, match="no run has training losses of task 'noise'"):
        report_of(tmp_path, curve=[{"epoch": 0, "losses": {"pos": 1.0}}])
