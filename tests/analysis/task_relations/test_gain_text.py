from __future__ import annotations

import itertools

import pandas as pd
import pytest

from hf_sluice.analysis.task_relations.gain_text import gain_text

COLUMNS = ["main", "auxiliary", "gain", "verdict"]
LONG = ["pos", "chunk", "ner", "srl", "supersense", "multiword_expression", "hyperlink", "tweet_entity"]


def gains_of(tasks, gain=-12.3, verdict="undecided"):
    pairs = itertools.permutations(tasks, 2)
    return pd.DataFrame([(*pair, gain, verdict) for pair in pairs], columns=COLUMNS)


def test_a_small_matrix_looks_like_this():
    gains = pd.DataFrame(
        [("pos", "ner", 1.04, "gain"), ("ner", "pos", -2, "undecided"), ("ner", "tweet_entity", -130, "loss")],
        columns=COLUMNS,
    )

    assert gain_text(gains, ["pos", "ner", "tweet_entity"]) == (
        "main            pos     ner tweet_e\n"
        "pos               ·    +1.0       ·\n"
        "ner            −2.0?      ·    −130\n"
        "tweet_entity      ·       ·       ·\n"
        "\n"
        "tweet_e = tweet_entity, rows: main task, columns: auxiliary task, ?: undecided\n"
    )


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("number", [2, 8, 20])
def test_no_line_is_longer_and_no_gain_is_lost(width, number):
    tasks = [*LONG, *(f"a_task_of_many_{letter}" for letter in "abcdefghijkl")][:number]
    text = gain_text(gains_of(tasks), tasks, width)

    assert max(map(len, text.splitlines())) <= width
    assert text.count("−12.3?") == number * (number - 1)


def test_eight_tasks_fit_beside_each_other():
    assert gain_text(gains_of(LONG), LONG).count("main ") == 1 + 1  # the head, and the legend
