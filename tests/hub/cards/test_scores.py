from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.evaluation.evaluator import ScoreRow
from hf_sluice.hub.cards.scores import CardScores, score_words
from tests.hub.cards.small_records import AGE, NER, POS, full_record, record_of, results_of, rows_of


def scores_of(tasks=(POS,), **values):
    return CardScores.of(full_record(tasks, **values))


def test_of_a_model_alone_there_are_none():
    assert CardScores.of(record_of()) is None


def test_the_model_stands_behind_its_baselines():
    assert scores_of().systems == ["majority", "single task", "sluice"]


def test_domains_are_those_trained_on_and_those_held_out():
    scores = scores_of()

    assert scores.in_domain() == ["blog", "news"]
    assert scores.out_of_domain() == ["chat"]


def test_where_training_is_not_on_record_no_domain_is_called_either():
    scores = replace(scores_of(), trained_domains=None)

    assert scores.in_domain() == scores.out_of_domain() == []
    assert "trained on" not in scores.table().columns


def test_the_table_has_all_domains_their_means_and_all_sentences():
    table = scores_of().table()

    assert table.columns == ("task", "test sentences", "trained on", "score", "majority", "single task",
                             "this model (sluice)", "counted")  # fmt: skip
    assert table.rows == (
        ("pos", "blog", "yes", "accuracy", "70.00", "**90.00**", "80.00", "10 words"),
        ("pos", "news", "yes", "accuracy", "60.00", "**80.00**", "70.00", "10 words"),
        ("pos", "chat", "no", "accuracy", "50.00", "**70.00**", "60.00", "10 words"),
        ("pos", "*mean of 2 domains trained on*", "", "accuracy", "65.00", "**85.00**", "75.00", "20 words"),
        ("pos", "*all*", "", "accuracy", "60.00", "**80.00**", "70.00", "30 words"),
    )


def test_the_best_is_bold_where_it_has_others_beside_it_the_least_error_being_best():
    (*_, alone) = scores_of(scores={"sluice": {"test": rows_of((POS,), ())}}, domains=()).table().rows
    (*_, error) = scores_of((AGE,)).table().rows

    assert alone == ("pos", "*all*", "accuracy", "100.00", "10 words")
    assert error == ("age", "*all*", "", "mean squared error", "0.4000", "**0.2000**", "0.3000", "30 words")


def test_a_score_that_is_undefined_is_not_bold_and_no_domain():
    rows = [ScoreRow("accuracy", None, 0, task="pos", domain="blog"), ScoreRow("accuracy", None, 0, task="pos")]
    scores = scores_of(scores={"majority": {"test": rows}, "sluice": {"test": rows}})

    assert scores.domains() == []
    assert scores.table().rows == (("pos", "*all*", "accuracy", "-", "-", "0 words"),)


def test_details_are_those_of_all_sentences_type_by_type():
    table = scores_of((NER,)).details()

    assert table.columns == ("task", "metric", "type", "score", "precision", "recall", "support")
    assert [row[1:3] for row in table.rows] == [
        ("accuracy", ""), ("span_f1", ""), ("span_f1", "LOC"), ("span_f1", "PER")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("task", "row", "words"),
    [
        (POS, ScoreRow("accuracy", 0.951, 9, task="pos"), "pos 95.10 % accuracy"),
        (NER, ScoreRow("span_f1", None, 0, task="ner"), "ner - span F1"),
        (AGE, ScoreRow("mean_squared_error", 0.25, 9, task="age"), "age 0.2500 mean squared error"),
    ],
)
def test_scores_are_said_with_their_unit(task, row, words):
    assert score_words(task, row) == words


def test_domains_of_any_name_stay_text():
    table = scores_of(domains=("<b>", "a|b"), trained=("<b>",)).table()

    assert [row[1] for row in table.rows] == ["<b>", "a|b", "*all*"]


def test_results_of_a_system_that_is_not_among_the_scores_are_none():
    results = results_of((POS,))
    del results["scores"]["sluice"]

    assert CardScores.of(record_of((POS,), results=results)) is None
