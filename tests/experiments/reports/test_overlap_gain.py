from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_masks import NOT_SLUICE, masks_of
from tests.experiments.reports.small_results import experiment_of, results_of, runs_of, tables_of

PAIRS = {"pos & ner": ["pos", "ner"], "ner & chunk": ["ner", "chunk"]}
TASKS = (("pos", "accuracy"), ("ner", "span_f1"), ("chunk", "span_f1"))
GAINS = {("pos & ner", "pos"): 0.02, ("pos & ner", "ner"): 0.04, ("ner & chunk", "chunk"): -0.02}


def tasks_of(point):
    return PAIRS[point.values["pair"]]


def masks(point):
    """Overlap 0.2 and 0.4, and of random masks half of it."""
    if point.values["system"] == "hard sharing":
        return None
    overlap = 0.2 * (1 + list(PAIRS).index(point.values["pair"])) / (1 + (point.values["system"] == "random masks"))
    return masks_of(dict.fromkeys(tasks_of(point), 0.5), {tuple(tasks_of(point)): overlap + point.recipe.seed / 100})


def score(values, seed, task, _domain):
    if task not in PAIRS[values["pair"]]:
        return None
    gain = GAINS.get((values["pair"], task), 0.0) if values["system"] == "sparse sharing" else 0.0
    return 0.5 + seed / 10 + gain * seed / 2


def report_of(folder, runs=None, results=None, **fields):
    experiment = experiment_of(
        {
            "form": "overlap_gain",
            "published": {"source": "A paper, Table 7", "pairs": {"pos & ner": {"overlap": 0.18, "gain": 0.4}}},
        },
        {"pair": tuple(PAIRS), "system": ("hard sharing", "random masks", "sparse sharing")},
    )
    made = runs_of(experiment, **({"tasks": tasks_of, "masks": masks, **NOT_SLUICE} | fields))
    scores = results_of(experiment, score, tasks=TASKS)
    changed = scores if results is None else results(scores)
    paths = write_report(experiment, changed, made if runs is None else runs(made), folder)
    assert [path.name for path in paths] == ["report.md", "overlap_gain.png"]
    text = (folder / "report.md").read_text(encoding="utf-8")
    rows = tables_of(text.split("## Overlap of masks and gain")[1])[0]
    return text, {tuple(row[:2]): row[2:] for row in rows}


def test_gains_are_means_of_the_two_tasks_seed_by_seed(tmp_path):
    text, table = report_of(tmp_path)

    assert table["", ""] == ["overlap ratio", "average of hard sharing", "average", "Δ"]
    # pos & ner: 0.03 · seed/2, ner & chunk −0.01 · seed/2
    assert table["pos & ner", "sparse sharing"] == ["0.220 ± 0.010", "70.00 ± 10.00", "73.00 ± 11.50", "+3.00 ± 1.50"]
    assert table["ner & chunk", "sparse sharing"][3] == "-1.00 ± 0.50"
    assert table["ner & chunk", "random masks"] == ["0.220 ± 0.010", "70.00 ± 10.00", "70.00 ± 10.00", "+0.00 ± 0.00"]
    assert "- sparse sharing: Spearman's ρ over the means of the pairs (n = 2)" in text


def test_published_figures_have_rows_of_their_own(tmp_path):
    text, table = report_of(tmp_path)

    assert table["pos & ner", "published"] == ["0.18", "-", "-", "+0.40"]
    assert ("ner & chunk", "published") not in table
    assert "Published: A paper, Table 7." in text


def test_a_seed_that_lacks_one_run_has_no_gain(tmp_path):
    def without_one(runs):
        gone = {"pair": "pos & ner", "system": "hard sharing"}
        return [run for run in runs if run["point"] != gone or run["seed"] != 3]

    table = report_of(tmp_path, runs=without_one)[1]

    assert table["pos & ner", "sparse sharing"][3] == "+2.25 ± 1.06 (2 of 3 seeds)"
    assert table["ner & chunk", "sparse sharing"][3] == "-1.00 ± 0.50"


def test_runs_of_other_than_two_tasks_are_refused(tmp_path):
    with pytest.raises(UserError, match="overlap_gain needs runs of two tasks, not of pos, ner, chunk"):
        report_of(tmp_path, tasks=["pos", "ner", "chunk"])


def test_a_run_to_compare_without_masks_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"run \w+ \(pos & ner, random masks, seed 1\) has no masks: no sparse sharing"):
        report_of(tmp_path, masks=None)


def test_scores_that_are_no_shares_are_refused(tmp_path):
    def with_errors(results):
        return results.assign(metric=results["metric"].where(results["task"] != "ner", "mean_squared_error"))

    with pytest.raises(UserError, match="mean squared error of task 'ner' cannot be averaged with other tasks' scores"):
        report_of(tmp_path, results=with_errors)
