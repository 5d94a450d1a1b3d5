from __future__ import annotations

import copy
import json
from dataclasses import asdict, replace

import pytest
from accelerate import PartialState, debug_launcher
from accelerate.utils import gather_object
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import ScoreBoard, ScoreRow, macro_average, main_score
from hf_sluice.evaluation.scores import TaskScores
from hf_sluice.tasks import Task

NER = Task("ner", ("O", "B-A", "I-A", "B-B", "I-B"), scheme="IOB2", metric="span_f1")
POS = Task("pos", ("X", "Y"))
GAZE = Task("gaze", kind="regression", metric="mean_squared_error")
TASKS = (NER, POS, GAZE)
DOMAINS = ("news", "blog", "chat")


@st.composite
def sentences(draw):
    """Per task predictions, references and domains."""
    updates = {}
    for task in TASKS:
        value = st.integers(0, len(task.labels) - 1) if task.labels else st.integers(-3, 3).map(float)
        drawn = draw(
            st.lists(
                st.tuples(
                    st.lists(st.tuples(value, st.one_of(st.none(), value, value)), min_size=1, max_size=6),
                    st.sampled_from([*DOMAINS[:2], None]),
                ),
                max_size=6,
            )
        )
        predictions = [[prediction for prediction, _ in tokens] for tokens, _ in drawn]
        references = [[reference for _, reference in tokens] for tokens, _ in drawn]
        updates[task.name] = (predictions, references, [domain for _, domain in drawn])
    return updates


def board_of(updates, part=slice(None)):
    board = ScoreBoard(TASKS, DOMAINS)
    for task, columns in updates.items():
        board.update(task, *(column[part] for column in columns))
    return board


def rows_in(rows, domain):
    return [row for row in rows if row.domain == domain]


@given(sentences())
def test_rows_of_a_domain_are_the_scores_of_its_sentences(updates):
    rows = board_of(updates).compute()
    for task in TASKS:
        for domain in (*DOMAINS, "all"):
            expected = TaskScores(task)
            columns = [s for s in zip(*updates[task.name], strict=True) if domain in (s[2], "all")]
            expected.update(
                [predictions for predictions, _, _ in columns], [references for _, references, _ in columns]
            )
            found = [row for row in rows_in(rows, domain) if row.task == task.name]
            for row, score in zip(found, expected.compute(), strict=True):
                assert asdict(row) == pytest.approx(asdict(score) | {"task": task.name, "domain": domain})


@given(sentences(), st.integers(0, 6))
def test_merged_boards_are_the_board_of_everything(updates, cut):
    first, second = board_of(updates, slice(cut)), board_of(updates, slice(cut, None))
    kept = copy.deepcopy(second).compute()
    first.merge(second)
    for one, other in zip(first.compute(), board_of(updates).compute(), strict=True):
        assert asdict(one) == pytest.approx(asdict(other))
    assert second.compute() == kept


@given(sentences())
def test_values_are_plain_and_json_can_hold_them(updates):
    for row in board_of(updates).compute():
        values = asdict(row)
        assert {type(value) for value in values.values()} <= {str, float, int, type(None)}
        assert ScoreRow(**json.loads(json.dumps(values))) == row


@given(sentences())
def test_the_macro_average_is_the_mean_over_domains_that_have_a_score(updates):
    rows = board_of(updates).compute()
    for row in rows_in(rows, "macro"):
        parts = [
            r
            for r in rows
            if r.domain in DOMAINS and (r.task, r.metric, r.span_type) == (row.task, row.metric, row.span_type)
        ]
        assert len(parts) == len(DOMAINS)
        for name in ("value", "precision", "recall", "accuracy"):
            known = [getattr(part, name) for part in parts if getattr(part, name) is not None]
            assert getattr(row, name) == (pytest.approx(sum(known) / len(known)) if known else None)
        assert row.support == sum(part.support for part in parts)


def test_accuracy_is_always_there_for_classification_and_main_scores_follow_the_task():
    board = ScoreBoard(TASKS, DOMAINS)
    board.update("ner", [[1, 2, 0, 3]], [[1, 2, 0, 0]], ["news"])
    board.update("pos", [[1, 1, 1, 0]], [[1, 1, 0, 0]], ["blog"])
    board.update("gaze", [[1.0, 3.0]], [[1.0, 1.0]], ["chat"])
    metrics = [(row.task, row.metric) for row in rows_in(board.compute(), "all") if row.span_type is None]
    assert metrics == [
        ("ner", "accuracy"),
        ("ner", "span_f1"),
        ("pos", "accuracy"),
        ("gaze", "mean_squared_error"),
        ("gaze", "spearman"),
    ]
    assert board.main_scores() == {"ner": pytest.approx(2 / 3), "pos": 0.75, "gaze": 2.0}
    assert board.main_scores("news") == {"ner": pytest.approx(2 / 3), "pos": None, "gaze": None}
    assert board.main_scores("macro") == board.main_scores()
    accuracies = [main_score(board.compute(), task, domain).accuracy for task in TASKS for domain in ("all", "macro")]
    assert accuracies == [0.75, 0.75, 0.75, 0.75, None, None]
    for rows in (board.compute(), reversed(board.compute())):
        assert main_score(rows, NER).span_type is None
    assert main_score(board.compute(), replace(NER, metric="accuracy")).value == 0.75


def test_domains_are_weighted_alike_in_the_macro_average_only():
    board = ScoreBoard((POS,), ("news", "blog"))
    board.update("pos", [[0, 0, 0], [0]], [[0, 0, 0], [1]], ["news", "blog"])
    assert board.main_scores() == {"pos": 0.75}
    assert board.main_scores("macro") == {"pos": 0.5}


def test_a_corpus_without_domains_has_rows_for_all_sentences_only():
    board = ScoreBoard((POS,))
    board.update("pos", [[0]], [[0]])
    assert [row.domain for row in board.compute()] == ["all"]


def test_nothing_counted_has_no_scores():
    rows = ScoreBoard(TASKS, DOMAINS).compute()
    assert {(row.value, row.precision, row.recall, row.support) for row in rows} == {(None, None, None, 0)}
    assert macro_average(rows_in(rows, "news")[:1]).value is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("srl", [[0]], [[0]]), "task 'srl' is not one of ner, pos, gaze"),
        (("pos", [[0]], [[0]], ["mail"]), "domain 'mail' is not one of news, blog, chat"),
        (
            ("pos", [[0]], [[0]], []),
            "task 'pos': one of each per sentence is needed, not 1 predictions, 1 references, 0",
        ),
        (("pos", [[0]], [[0], [0]]), "not 1 predictions, 2 references, 1 domains"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(UserError, match=message):
        ScoreBoard(TASKS, DOMAINS).update(*arguments)


def test_names_that_would_be_mixed_up_are_refused():
    for tasks, domains in ((TASKS, ["all"]), (TASKS, ["macro"]), (TASKS, ["news", "news"]), ((POS, POS), [])):
        with pytest.raises(UserError, match="stands twice"):
            ScoreBoard(tasks, domains)


def test_boards_of_other_tasks_or_domains_are_not_merged():
    for other in (ScoreBoard(TASKS), ScoreBoard(TASKS[:2], DOMAINS)):
        with pytest.raises(UserError, match="the same tasks and domains"):
            ScoreBoard(TASKS, DOMAINS).merge(other)


def test_a_score_that_was_not_taken_is_named():
    with pytest.raises(UserError, match="no accuracy of task 'pos' in domain 'mail'"):
        main_score(ScoreBoard(TASKS, DOMAINS).compute(), POS, "mail")


_TOKENS = [([i % 5, (i + 1) % 5, 0], [i % 5, 2, i % 3], DOMAINS[i % 3]) for i in range(31)]


def _count_in_two_processes():
    PartialState._reset_state()  # what this process was before it was forked, where other tests have trained in it
    rank = PartialState(cpu=True).process_index  # without cpu=True there would be two unconnected processes
    board = ScoreBoard((NER,), DOMAINS)
    board.update("ner", *zip(*_TOKENS[rank::2], strict=True))
    first, *others = gather_object([board])
    assert len(others) == 1
    for other in others:
        first.merge(other)
    whole = ScoreBoard((NER,), DOMAINS)
    whole.update("ner", *zip(*_TOKENS, strict=True))
    assert first.compute() == whole.compute()


@pytest.mark.slow
def test_boards_gathered_from_two_processes_are_the_board_of_everything():
    debug_launcher(_count_in_two_processes, num_processes=2)
