from __future__ import annotations

import io
import statistics

import pytest
from rich.console import Console

from hf_sluice.evaluation.evaluator import ScoreBoard, ScoreRow
from hf_sluice.evaluation.tables import TextTable, comparison_table, detail_table, format_runs, format_score
from hf_sluice.tasks import Task

NER = Task("ner", ("O", "B-A", "I-A"), scheme="IOB2", metric="span_f1")
POS = Task("pos", ("X", "Y"))
GAZE = Task("gaze", kind="regression", metric="mean_squared_error")


def pos_rows(*values, domains=("news", "all")):
    return [ScoreRow("accuracy", value, 10, task="pos", domain=d) for value, d in zip(values, domains, strict=True)]


def test_scores_are_per_cent_or_plain_or_missing():
    assert format_score("accuracy", 0.98765) == "98.77"
    assert format_score("span_f1", 1.0) == "100.00"
    assert format_score("mean_squared_error", 0.98765) == "0.9877"
    assert format_score("spearman", -0.5) == "-0.5000"
    assert format_score("accuracy", None) == "-"


def test_runs_are_shown_as_mean_and_sample_standard_deviation():
    values = [0.5, 0.6, 0.9]
    mean, deviation = 100 * statistics.fmean(values), 100 * statistics.stdev(values)
    assert format_runs("accuracy", values, 3) == f"{mean:.2f} ± {deviation:.2f}"
    assert format_runs("accuracy", [0.5], 1) == "50.00"
    assert format_runs("accuracy", [0.5, 0.5], 3) == "50.00 ± 0.00 (2 of 3 runs)"
    assert format_runs("accuracy", [], 3) == "-"


def test_systems_stand_side_by_side():
    systems = {
        "sluice": [pos_rows(0.9, 0.8), pos_rows(0.7, 0.8)],
        "single task": [pos_rows(0.5, None)],
        "majority": [pos_rows(0.25, domains=["all"])],
    }
    table = comparison_table(systems, [POS])
    assert table.columns == ("task", "domain", "metric", "sluice", "single task", "majority")
    assert table.rows == (
        ("pos", "news", "accuracy", "80.00 ± 14.14", "50.00", "-"),
        ("pos", "all", "accuracy", "80.00 ± 0.00", "-", "25.00"),
    )


def test_only_the_score_by_which_a_task_is_judged_is_compared_in_the_order_of_the_tasks():
    board = ScoreBoard((NER, POS, GAZE), ("news", "blog"))
    board.update("ner", [[1, 2, 1]], [[1, 2, 0]], ["blog"])
    board.update("gaze", [[1.0, 3.0]], [[1.0, 1.0]], ["news"])
    table = comparison_table({"sluice": [board.compute()]}, [GAZE, NER])
    assert table.rows == (
        ("gaze", "news", "mean_squared_error", "2.0000"),
        ("gaze", "blog", "mean_squared_error", "-"),
        ("gaze", "all", "mean_squared_error", "2.0000"),
        ("gaze", "macro", "mean_squared_error", "2.0000"),
        ("ner", "news", "span_f1", "-"),
        ("ner", "blog", "span_f1", "66.67"),
        ("ner", "all", "span_f1", "66.67"),
        ("ner", "macro", "span_f1", "66.67"),
    )


def test_details_show_every_row():
    board = ScoreBoard((NER,))
    board.update("ner", [[1, 2, 1, 0]], [[1, 2, 0, 0]])
    rows = board.compute()
    assert detail_table(rows).rows == (
        ("ner", "all", "accuracy", "", "75.00", "-", "-", "4"),
        ("ner", "all", "span_f1", "", "66.67", "50.00", "100.00", "1"),
        ("ner", "all", "span_f1", "A", "66.67", "50.00", "100.00", "1"),
    )


@pytest.fixture
def table():
    return TextTable("Scores", ("task", "a|b"), (("[bold]pos[/bold]", "1.00"), ("ner", "-")), num_names=1)


def test_markdown_has_one_line_per_row_and_escapes_bars(table):
    assert table.markdown() == (
        "| task | a\\|b |\n"
        "| --- | ---: |\n"
        "| [bold]pos[/bold] | 1.00 |\n"
        "| ner | - |\n"
    )  # fmt: skip


def test_the_terminal_shows_every_cell_literally(table):
    console = Console(file=io.StringIO(), width=80)
    console.print(table.rich())
    shown = console.file.getvalue()
    for cell in (table.title, *table.columns, *(cell for row in table.rows for cell in row)):
        assert cell in shown


def test_no_systems_and_no_rows_make_an_empty_table():
    assert comparison_table({}, [POS]).rows == ()
    assert comparison_table({"sluice": []}, [POS]).rows == ()
    assert detail_table([]).markdown().count("\n") == 2
