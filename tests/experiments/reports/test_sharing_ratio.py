from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_results import experiment_of, results_of, runs_of, table_below

SIZES = ("25", "100")
NOISE = {1: -0.1, 2: 0.0, 3: 0.1}


def synthetic_experiment(**axes):
    settings = {"form": "sharing_ratio", "main_task": "pos", "published": "it falls"}
    return experiment_of(settings, {"auxiliary": ("Random", "Copy"), "n": SIZES, **axes})


def alpha_of(point):
    """The main task, the second, draws 0.5 from itself and 0.5 from the other, or less with Random and 100."""
    drawn = 0.25 if (point.values["auxiliary"], point.values["n"]) == ("Random", "100") else 0.5
    drawn += NOISE[point.recipe.seed] / 2
    layer = np.array([[0.4, 0.4, 0.1, 0.1], [0.4, 0.4, 0.1, 0.1], [-drawn, drawn, 0.5, 0.5], [drawn, drawn, 0.5, 0.5]])
    inner = np.array(layer)
    inner[2:, :2] = 0
    return [layer.tolist(), inner.tolist()]


def score(values, seed, _task, _domain):
    return (0.5 if values["n"] == "25" else 0.8) + NOISE[seed] / 10


def report_of(folder, experiment=None, **fields):
    experiment = experiment or synthetic_experiment()
    fields = {"tasks": ["random", "pos"], "alpha": alpha_of, **fields}
    results = results_of(experiment, score, tasks=[("pos", "accuracy")])
    paths = write_report(experiment, results, runs_of(experiment, **fields), folder)
    assert [path.name for path in paths] == [
        "report.md",
        "main_from_auxiliary.png",
        "auxiliary_from_main.png",
        "scores.png",
    ]
    return (folder / "report.md").read_text(encoding="utf-8")


def test_ratios_are_means_of_absolute_values_over_layers_and_subspaces(tmp_path):
    text = report_of(tmp_path)
    # A ← B is drawn/2 on average over the two layers, A ← A 0.5, B ← A 0.1, B ← B 0.4
    heads, random, copy = table_below(text, "(A ← B)/(A ← A):")

    assert heads == [r"auxiliary \ n", *SIZES]
    assert random == ["Random", "0.500 ± 0.050", "0.250 ± 0.050"]
    assert copy == ["Copy", "0.500 ± 0.050", "0.500 ± 0.050"]
    assert table_below(text, "(B ← A)/(A ← A):")[1] == ["Random", "0.200 ± 0.000", "0.200 ± 0.000"]
    assert table_below(text, "(B ← A)/(B ← B):")[1] == ["Random", "0.250 ± 0.000", "0.250 ± 0.000"]
    assert table_below(text, "(A ← B)/(A ← A), layer 1:")[1] == ["Random", "1.000 ± 0.100", "0.500 ± 0.100"]
    assert table_below(text, "(A ← B)/(A ← A), layer 2:")[1] == ["Random", "0.000 ± 0.000", "0.000 ± 0.000"]


def test_the_order_of_the_tasks_does_not_matter(tmp_path):
    def swapped(point):
        return np.array(alpha_of(point))[:, [2, 3, 0, 1]][:, :, [2, 3, 0, 1]].tolist()

    there = report_of(tmp_path / "there")
    assert report_of(tmp_path / "swapped", tasks=["pos", "random"], alpha=swapped) == there


def test_the_main_tasks_score_is_shown_over_the_sizes(tmp_path):
    table = table_below(report_of(tmp_path), "Accuracy of pos on all test sentences in per cent:")
    assert table[1] == ["Random", "50.00 ± 1.00", "80.00 ± 1.00"]


def test_published_words_are_shown(tmp_path):
    assert "Published: it falls" in report_of(tmp_path)


def test_missing_runs_are_told_in_their_cells(tmp_path):
    experiment = synthetic_experiment()
    runs = [
        run
        for run in runs_of(experiment, tasks=["random", "pos"], alpha=alpha_of)
        if run["point"] != {"auxiliary": "Copy", "n": "100"} and (run["seed"], run["point"]["n"]) != (3, "25")
    ]
    write_report(experiment, results_of(experiment, score, tasks=[("pos", "accuracy")]), runs, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")

    assert "- auxiliary: Copy, n: 100, seed 1\n" in text
    assert table_below(text, "(A ← B)/(A ← A):")[2] == ["Copy", "0.475 ± 0.035 (2 of 3 seeds)", "-"]


@pytest.mark.parametrize("tasks", [["pos", "random", "copy"], ["chunk", "random"]])
def test_runs_of_other_tasks_are_refused(tmp_path, tasks):
    units = 2 * len(tasks)
    alpha = np.ones((2, units, units)).tolist()
    with pytest.raises(UserError, match="needs runs of 'pos' and one other network, not of"):
        report_of(tmp_path, tasks=tasks, alpha=alpha)


def test_runs_without_a_score_of_the_main_task_are_refused(tmp_path):
    experiment = synthetic_experiment()
    results = results_of(experiment, score, tasks=[("random", "accuracy")])
    with pytest.raises(UserError, match="no test scores of task 'pos'"):
        write_report(experiment, results, runs_of(experiment, tasks=["random", "pos"], alpha=alpha_of), tmp_path)
