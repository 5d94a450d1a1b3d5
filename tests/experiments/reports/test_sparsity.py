from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_masks import NOT_SLUICE, masks_of, search_of
from tests.experiments.reports.small_results import experiment_of, results_of, runs_of, table_below, tables_of

KINDS = ("magnitude", "random", "layer")
SPARSITIES = ("1.0", "0.5")
TASKS = ("pos", "chunk")


def masks(point):
    return masks_of({"pos": float(point.values.get("sparsity", 0.5)), "chunk": 0.5})


def search(point):
    def value(task, number):
        return 0.5 + 0.2 * (task == "pos") - number / 100 + (point.recipe.seed - 2) / 100

    return search_of(value, {"pos": 1, "chunk": 2}, rounds=3)


def method(point):
    return {"masks": {"method": "random"}} if point.values.get("search") == "random" else {"masks": {"epochs": 3}}


def score(values, seed, task, _domain):
    return 0.5 + 0.2 * (task == "pos") + 0.1 * (values.get("sparsity") == "1.0") + (seed - 2) / 100


def report_of(folder, axes, names, fields=None, **settings):
    report = {"form": "sparsity", "tasks": list(TASKS), "published": "it fluctuates", **settings}
    experiment = experiment_of(report, axes)
    made = {"tasks": list(TASKS), "masks": masks, "search": search, "recipe": method, **NOT_SLUICE, **(fields or {})}
    results = results_of(experiment, score)
    paths = write_report(experiment, results, runs_of(experiment, **made), folder)
    assert [path.name for path in paths] == ["report.md", *names]
    return (folder / "report.md").read_text(encoding="utf-8")


def test_every_candidate_is_shown_at_its_sparsity(tmp_path):
    axes = {"search": ("magnitude", "layer")}
    text = report_of(tmp_path, axes, ["candidates.png"], search_axis="search")
    heads, *rows = table_below(text, "Subnets:")

    assert heads == ["search", "rounds", "remaining (%)", "pos (accuracy)", "chunk (span F1)"]
    assert rows[:2] == [
        ["magnitude", "0", "100.0", "70.00 ± 1.00", "50.00 ± 1.00"],
        ["magnitude", "1", "90.0", "69.00 ± 1.00", "49.00 ± 1.00"],
    ]
    assert rows[-1] == ["layer", "2", "81.0", "68.00 ± 1.00", "48.00 ± 1.00"]
    assert table_below(text, "Sparsity:")[1] == ["magnitude", "50.00 ± 0.00", "1, 1, 1", "50.00 ± 0.00", "2, 2, 2"]
    assert "Published: it fluctuates" in text


def test_random_masks_have_no_candidates_of_their_own(tmp_path):
    text = report_of(tmp_path, {"search": KINDS}, ["candidates.png"], search_axis="search")

    assert {row[0] for row in table_below(text, "Subnets:")[1:]} == {"magnitude", "layer"}
    assert "Random masks are drawn after a search" in text


def test_runs_that_share_a_search_show_it_once(tmp_path):
    names = ["candidates.png", "equal_sparsity.png"]
    text = report_of(tmp_path, {"sparsity": SPARSITIES}, names, sparsity_axis="sparsity", logarithmic=True)

    rows = table_below(text, "Subnets:")[1:]
    assert [row[:2] for row in rows] == [["sparse sharing", str(number)] for number in range(3)]
    assert rows[0][3] == "70.00 ± 1.00"


def test_the_cost_of_a_search_is_told_once(tmp_path):
    names = ["candidates.png", "equal_sparsity.png"]
    text = report_of(tmp_path, {"sparsity": SPARSITIES}, names, sparsity_axis="sparsity")

    # three seeds, two tasks and three rounds of 36 seconds
    assert "on cpu; 0.18 hours of search for masks besides, warm-up not counted\n" in text


def test_scores_and_overlap_stand_against_the_sparsity_of_all_tasks(tmp_path):
    names = ["candidates.png", "equal_sparsity.png"]
    axes = {"search": KINDS, "sparsity": SPARSITIES}
    text = report_of(tmp_path, axes, names, search_axis="search", sparsity_axis="sparsity")
    heads, *rows = tables_of(text.split("## All tasks at the same sparsity")[1])[0]

    assert heads == ["search", "sparsity", "remaining (%)", "pos", "chunk", "average", "overlap ratio"]
    # the masks keep 100 % and 50 %, 75 % on average
    assert rows[0] == ["magnitude", "1.0", "75.0", "80.00 ± 1.00", "60.00 ± 1.00", "70.00 ± 1.00", "0.500 ± 0.000"]
    assert rows[3] == ["random", "0.5", "50.0", "70.00 ± 1.00", "50.00 ± 1.00", "60.00 ± 1.00", "0.250 ± 0.000"]
    assert len(rows) == 6


def test_a_run_that_lacks_a_score_has_no_average(tmp_path):
    experiment = experiment_of(
        {"form": "sparsity", "tasks": list(TASKS), "sparsity_axis": "sparsity"}, {"sparsity": SPARSITIES}
    )
    results = results_of(experiment, score)
    lacking = (results["task"] == "pos") & (results["seed"] == 3)
    runs = runs_of(experiment, tasks=list(TASKS), masks=masks, search=search, **NOT_SLUICE)
    write_report(experiment, results.assign(value=results["value"].mask(lacking)), runs, tmp_path)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    row = tables_of(text.split("## All tasks at the same sparsity")[1])[0][1]

    assert row[3:6] == ["79.50 ± 0.71 (2 of 3 seeds)", "60.00 ± 1.00", "69.50 ± 0.71 (2 of 3 seeds)"]


def test_runs_without_a_search_have_no_figure_3(tmp_path):
    fields = {"search": {"candidates": {}, "chosen_round": {}}}
    axes = {"sparsity": SPARSITIES}
    text = report_of(tmp_path, axes, ["equal_sparsity.png"], fields, sparsity_axis="sparsity")
    assert "Development score" not in text

    with pytest.raises(UserError, match="no run has a search for masks"):
        report_of(tmp_path, {"search": KINDS}, [], {"search": None}, search_axis="search")


def test_a_run_without_masks_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"run \w+ \(sparse sharing, seed 1\) has no masks: no sparse sharing"):
        report_of(tmp_path, {"sparsity": SPARSITIES}, [], {"masks": None}, sparsity_axis="sparsity")
