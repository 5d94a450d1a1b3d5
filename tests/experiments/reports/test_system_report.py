from __future__ import annotations

import pytest

from hf_sluice.errors import UserError
from hf_sluice.experiments.reports.write import write_report
from tests.experiments.reports.small_masks import NOT_SLUICE, masks_of
from tests.experiments.reports.small_results import (
    DOMAINS,
    SYSTEMS,
    domains_experiment,
    experiment_of,
    results_of,
    runs_of,
    table_below,
    tables_of,
)

LEVEL = {"single task": 0.5, "hard sharing": 0.55, "sluice": 0.6}


def score(values, seed, _task, domain):
    """Differs by system, source, domain and seed; the seed's part is -0.01, 0, 0.01."""
    level = LEVEL[values["system"]] + (seed - 2) / 100
    return level + 0.02 * DOMAINS.index(values["source"]) + 0.1 * DOMAINS.index(domain) if domain in DOMAINS else level


def report_of(experiment, results, folder, runs=None):
    paths = write_report(experiment, results, runs_of(experiment) if runs is None else runs, folder)
    assert all(path.exists() for path in paths)
    text = (folder / "report.md").read_text(encoding="utf-8")
    tables_of(text)  # every one is well-formed
    for path in paths[1:]:
        assert f"]({path.name})" in text
        assert path.read_bytes().startswith(b"\x89PNG")
    assert len(paths) == 1 + text.count("![")
    return text


def without(results, **values):
    keep = False
    for column, value in values.items():
        keep = keep | (results[column] != value)
    return results[keep]


def below(text, heading):
    return text.split(f"\n### {heading}\n", 1)[1]


def test_averages_are_those_computed_by_hand(tmp_path):
    experiment = domains_experiment()
    text = below(report_of(experiment, results_of(experiment, score), tmp_path), "Span F1")

    # in-domain: 0.5, 0.5 + 0.02 + 0.1, 0.5 + 0.04 + 0.2
    heads, single, *_, sluice = table_below(text, "In-domain:")
    assert heads == ["", *DOMAINS, "average"]
    assert single == ["single task", "50.00 ± 1.00", "62.00 ± 1.00", "74.00 ± 1.00", "62.00 ± 1.00"]
    assert sluice[-1] == "**72.00 ± 1.00**"
    # out-of-domain, of email: the mean of what news (0.02) and web (0.04) add; of web: of email and news, plus 0.2
    _, single, *_ = table_below(text, "Out-of-domain:")
    assert single == ["single task", "53.00 ± 1.00", "62.00 ± 1.00", "71.00 ± 1.00", "62.00 ± 1.00"]


def test_accuracy_stands_beside_the_score_by_which_the_task_is_judged(tmp_path):
    experiment = domains_experiment()
    text = below(report_of(experiment, results_of(experiment, score), tmp_path), "Accuracy")

    assert table_below(text, "In-domain:")[1][1] == "25.00 ± 0.50"


def test_a_task_judged_by_accuracy_has_one_table(tmp_path):
    experiment = domains_experiment(main_task="pos")
    text = report_of(experiment, results_of(experiment, score), tmp_path)

    assert text.count("### Accuracy") == 2  # the scores, and the differences
    assert "### Span" not in text


def test_error_reductions_are_those_computed_by_hand(tmp_path):
    experiment = domains_experiment()
    text = below(report_of(experiment, results_of(experiment, score), tmp_path), "Span F1")
    heads, single, hard, sluice = table_below(text, "Error reduction:")

    assert heads[1:3] == ["In-domain, over single task", "In-domain, over hard sharing"]
    assert single[1:3] == ["-", "-15.2 %"]  # (0.62 − 0.67) / (1 − 0.67)
    assert hard[1:3] == ["+13.2 %", "-"]  # (0.67 − 0.62) / (1 − 0.62)
    assert sluice[1:3] == ["+26.3 %", "+15.2 %"]


def test_a_missing_run_is_named_and_its_seed_is_in_no_average(tmp_path):
    experiment = domains_experiment()
    results = without(results_of(experiment, score), system="sluice", source="news", seed=3)
    runs = [
        run for run in runs_of(experiment) if run["point"] != {"system": "sluice", "source": "news"} or run["seed"] != 3
    ]
    text = report_of(experiment, results, tmp_path, runs)

    assert "- system: sluice, source: news, seed 3\n" in text
    assert "runs: 26 finished of 27" in text
    sluice = table_below(below(text, "Span F1"), "In-domain:")[-1]
    assert sluice[1] == "**60.00 ± 1.00**"
    assert sluice[2] == "**71.50 ± 0.71 (2 of 3 runs)**"
    assert sluice[4].endswith("(2 of 3 runs)**")
    pairs = {tuple(row[:2]): row[4] for row in table_below(below(text, "Span F1"), "|  | sluice minus")[1:]}
    assert pairs["In-domain", "single task"] == "8"
    assert pairs["Out-of-domain", "single task"] == "16"


def test_a_source_that_no_run_was_trained_on_leaves_no_average(tmp_path):
    experiment = domains_experiment()
    results = results_of(experiment, score)
    text = below(report_of(experiment, results[results["source"] != "web"], tmp_path), "Span F1")

    assert table_below(text, "In-domain:")[1] == ["single task", "50.00 ± 1.00", "62.00 ± 1.00", "-", "-"]
    assert table_below(text, "Out-of-domain:")[1] == ["single task", "-", "-", "71.00 ± 1.00", "-"]


def test_a_clear_difference_is_found_and_none_where_there_is_none(tmp_path):
    def same_but_hard_sharing(values, seed, task, domain):
        return score({**values, "system": "hard sharing"}, seed, task, domain) - 0.1 * (
            values["system"] == "hard sharing"
        )

    experiment = domains_experiment()
    text = report_of(experiment, results_of(experiment, same_but_hard_sharing), tmp_path)
    heads, *rows = table_below(below(text.split("more than noise")[1], "Span F1"), "|  | sluice minus")
    found = {(row[0], row[1]): dict(zip(heads[:-1], row[:-1], strict=True)) for row in rows}

    equal = found["Out-of-domain", "single task"]
    assert (equal["difference"], equal["95 % interval"], equal["p"]) == ("+0.00", "+0.00 to +0.00", "1.000")
    clear = found["Out-of-domain", "hard sharing"]
    assert (clear["difference"], clear["pairs"], clear["p"]) == ("+10.00", "18", "< 0.001")
    assert (clear["runs"], clear["p by runs"]) == ("9", "0.004")  # 3 sources by 3 seeds: 2 of 2⁹ swaps
    assert found["In-domain", "hard sharing"]["p"] == "0.004"


def test_published_figures_stand_beside_those_of_here(tmp_path):
    published = {
        "source": "A paper, Table 7",
        "measure": "accuracy",
        "blocks": {"In-domain": {"single task": {"nw": 90.5, "average": 92.5}, "sluice": {"average": 93.4}}},
    }
    experiment = domains_experiment(published=published)
    text = report_of(experiment, results_of(experiment, score), tmp_path)
    heads, single, sluice = tables_of(text.split("## Published and here")[1])[0]

    assert "A paper, Table 7" in text
    assert dict(zip(heads, sluice, strict=True)) == {
        "": "sluice",
        "nw: published": "-",
        "average: published": "93.40",
        "average: here": "36.00",
        "average over single task: published": "+0.90",
        "average over single task: here": "+5.00",
    }
    assert single[1:4] == ["90.50", "92.50", "31.00"]


def test_one_source_has_one_column_in_domain(tmp_path):
    settings = {"form": "domains", "main_task": "chunk", "source_axis": None}
    experiment = experiment_of(settings, {"system": SYSTEMS})
    results = results_of(experiment, lambda values, *rest: score({**values, "source": "email"}, *rest))
    text = below(report_of(experiment, results, tmp_path), "Span F1")

    assert table_below(text, "In-domain:")[1] == ["single task", "50.00 ± 1.00"]
    assert table_below(text, "Out-of-domain:")[:2] == [
        ["", "news", "web", "average"],
        ["single task", "60.00 ± 1.00", "70.00 ± 1.00", "65.00 ± 1.00"],
    ]


def test_an_ablation_shows_both_averages_side_by_side(tmp_path):
    settings = {"form": "ablation", "main_task": "chunk", "system_axis": "system"}
    experiment = experiment_of(settings, {"system": SYSTEMS, "source": DOMAINS})
    text = below(report_of(experiment, results_of(experiment, score), tmp_path), "Span F1")

    assert table_below(text, "Averages over domains:")[:2] == [
        ["", "In-domain", "Out-of-domain"],
        ["single task", "62.00 ± 1.00", "62.00 ± 1.00"],
    ]


ALONE = {"chunk alone": "chunk", "pos alone": "pos"}


def tasks_experiment(**settings):
    rows = {"rows": {"single task": list(ALONE)}, **settings}
    report = {"form": "tasks", "tasks": ["chunk", "pos"], "baselines": ["single task"], **rows}
    return experiment_of(report, {"system": (*ALONE, "sluice")})


def of_several_tasks(values, seed, task, domain):
    if ALONE.get(values["system"], task) != task:
        return None
    level = 0.6 if values["system"] == "sluice" else 0.4
    return level + 0.2 * (task == "pos") + (seed - 2) / 100 + (domain == "web") * 0.03


def test_rows_of_several_runs_take_each_task_from_the_run_that_has_it(tmp_path):
    experiment = tasks_experiment()
    text = report_of(experiment, results_of(experiment, of_several_tasks), tmp_path)
    table = table_below(text, "All domains:")
    judged = table_below(below(text, "Scores by which the tasks are judged"), "All domains:")

    assert table[0] == ["", "chunk", "pos"]
    assert table[1] == ["single task", "20.50 ± 0.50", "61.00 ± 1.00"]
    assert judged[0] == ["", "chunk (span F1)", "pos (accuracy)"]
    assert judged[2] == ["sluice", "**61.00 ± 1.00**", "**81.00 ± 1.00**"]
    assert table_below(text, "Error reduction:")[0][1:] == ["chunk, over single task", "pos, over single task"]


def test_two_runs_with_scores_for_one_cell_are_refused(tmp_path):
    experiment = tasks_experiment(rows={"single task": ["chunk alone", "sluice"]}, compared="pos alone")
    results = results_of(experiment, of_several_tasks)

    with pytest.raises(UserError, match=r"rows\.single task: chunk alone and sluice both have scores of task 'chunk'"):
        write_report(experiment, results, runs_of(experiment), tmp_path)


def test_a_task_without_scores_is_named(tmp_path):
    experiment = domains_experiment(main_task="ner")
    with pytest.raises(UserError, match="no test scores of task 'ner' per domain; there are those of chunk, pos"):
        write_report(experiment, results_of(experiment, score), runs_of(experiment), tmp_path)


def test_what_was_run_is_told_first(tmp_path):
    experiment = domains_experiment()
    text = report_of(experiment, results_of(experiment, score), tmp_path)

    assert text.startswith("# Made up\n\n## What was run\n")
    assert text.index("## What was run") < text.index("## Scores") < text.index("## Pictures") < text.index("## Is ")
    assert "- system (3): single task, hard sharing, sluice\n" in text
    assert "- seeds (3): 1, 2, 3\n" in text
    assert "- runs: 27 finished of 27; 0.27 hours of training in all, on cpu\n" in text
    assert "- commit: abc1234\n" in text
    assert "hf-sluice experiment recipes/experiments/made_up.yaml\n" in text
    assert table_below(text, "Cost")[1] == ["single task", "9", "1000", "4.0", "36.0", "9.00"]


def test_code_that_is_in_no_commit_is_marked(tmp_path):
    experiment = domains_experiment()
    commits = iter(["0123456789abcdef", "0123456789abcdef+", None] * 9)
    runs = runs_of(experiment, commit=lambda _point: next(commits))
    text = report_of(experiment, results_of(experiment, score), tmp_path, runs)

    assert "- commit: 0123456789ab, 0123456789ab+, unknown (+: with changes that are in no commit)\n" in text


def test_training_data_is_told_by_what_it_depends_on(tmp_path):
    experiment = domains_experiment()

    def sizes(point):
        words = 100 + DOMAINS.index(point.values["source"])
        return {"sentences": 10, "words": words, "types": 50, "unknown words in-domain": 0.125}

    text = report_of(experiment, results_of(experiment, score), tmp_path, runs_of(experiment, characteristics=sizes))
    heads, *rows = table_below(text, "Training data:")

    assert heads[:4] == ["source", "sentences", "words", "types"]
    assert rows[1] == ["news", "10", "101", "50", "12.5 %", "-"]


def test_equal_results_give_equal_files(tmp_path):
    experiment = domains_experiment()
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        report_of(experiment, results_of(experiment, score), folder)
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)

    assert first == second


SPARSE = {
    "over": "sentences",
    "average": True,
    "parameters": True,
    "delta_over": "single task",
    "published": {
        "source": "A paper, Table 3",
        "measure": "value",
        "blocks": {
            "All test sentences": {
                "single task": {"chunk": 89.92, "parameters": 1602},
                "sluice": {"chunk": 91.55, "parameters": 396},
            },
            "Sparsity": {"sluice": {"chunk": 44.67}},
        },
    },
}


def sparse_report(folder, **settings):
    experiment = tasks_experiment(**{**SPARSE, **settings})
    runs = runs_of(
        experiment,
        counted_parameters=lambda point: 800_000 if point.values["system"] in ALONE else 400_000 + point.recipe.seed,
        masks=lambda point: None if point.values["system"] in ALONE else masks_of({"chunk": 0.5, "pos": 0.25}),
        **NOT_SLUICE,
    )
    return report_of(experiment, results_of(experiment, of_several_tasks), folder, runs)


def test_scores_may_be_taken_over_all_sentences_and_averaged_over_tasks(tmp_path):
    text = below(sparse_report(tmp_path), "Scores by which the tasks are judged")
    heads, single, sluice = table_below(text, "All test sentences:")

    assert heads == ["", "chunk (span F1)", "pos (accuracy)", "average", "parameters"]
    assert single == ["single task", "40.00 ± 1.00", "60.00 ± 1.00", "50.00 ± 1.00", "1600.0 ± 0.0"]
    assert sluice[3:] == ["**70.00 ± 1.00**", "400.0 ± 0.0"]


def test_differences_from_a_row_stand_below_the_scores(tmp_path):
    text = sparse_report(tmp_path)
    token_accuracy, judged = (
        table_below(below(text, heading), "Δ over single task")
        for heading in ("Accuracy", "Scores by which the tasks are judged")
    )

    assert judged[0] == ["", "chunk", "chunk: published", "pos", "average"]
    assert judged[1] == ["sluice", "+20.00 ± 0.00", "+1.63", "+20.00 ± 0.00", "+20.00 ± 0.00"]
    assert token_accuracy[0] == ["", "chunk", "pos", "average"]  # what was published is the other measure


def test_published_parameters_and_sparsities_stand_beside_those_of_here(tmp_path):
    text = sparse_report(tmp_path).split("## Published and here")[1]
    scores, sparsity = tables_of(text)[:2]

    assert scores[0] == ["", "chunk: published", "chunk: here", "parameters: published", "parameters: here"]
    assert scores[2] == ["sluice", "91.55", "60.00", "396.0", "400.0"]
    assert sparsity == [["", "chunk: published", "chunk: here"], ["sluice", "44.67", "50.00"]]


def test_more_parameters_are_no_gain(tmp_path):
    text = sparse_report(tmp_path, delta_over=None).split("## Published and here")[1]
    heads = tables_of(text)[0][0]

    assert "chunk over single task: here" in heads
    assert not [head for head in heads if head.startswith("parameters over")]


def test_over_all_sentences_a_run_is_a_pair(tmp_path):
    text = sparse_report(tmp_path).split("more than noise")[1]
    heads, *rows = table_below(text, "|  | sluice minus")

    assert heads == ["", "sluice minus", "difference", "95 % interval", "pairs", "p", "corrected"]
    assert [row[0] for row in rows] == ["chunk", "pos", "average"]
    assert {row[4] for row in rows} == {"3"}
    assert "one pair per run, its test domains" not in text


def test_an_average_over_tasks_is_compared_once_per_seed(tmp_path):
    experiment = tasks_experiment(average=True)
    text = report_of(experiment, results_of(experiment, of_several_tasks), tmp_path).split("more than noise")[1]
    rows = {row[0]: row for row in table_below(text, "|  | sluice minus")}

    assert rows["chunk"][4] == "9"  # three domains by three seeds
    assert rows["average"][4] == "3"


def test_scores_that_are_no_shares_are_not_averaged(tmp_path):
    experiment = tasks_experiment(average=True)
    metrics = (("chunk", "span_f1"), ("pos", "mean_squared_error"))
    text = report_of(experiment, results_of(experiment, of_several_tasks, tasks=metrics), tmp_path)

    judged = below(text, "Scores by which the tasks are judged")
    assert table_below(judged, "All domains:")[0] == ["", "chunk (span F1)", "pos (mean squared error)"]


def test_token_accuracy_may_be_left_out(tmp_path):
    text = sparse_report(tmp_path, token_accuracy=False)

    assert "### Accuracy" not in text
    assert text.count("### Scores by which the tasks are judged") == 2
