from __future__ import annotations

import copy
import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import accuracy_score
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support

from hf_sluice.errors import UserError
from hf_sluice.evaluation.scores import UNLABELLED, TaskScores
from hf_sluice.tasks import Task

TYPES = ("A", "B")


def span_task(scheme):
    prefixes = "BIES" if scheme == "BIOES" else "BI"
    labels = ("O", *(f"{prefix}-{span_type}" for prefix in prefixes for span_type in TYPES))
    return Task("ner", labels, scheme=scheme, metric="span_f1")


TASKS = [
    *(span_task(scheme) for scheme in ("IOB1", "IOB2", "BIOES")),
    Task("pos", ("X", "Y", "Z")),
    Task("gaze", kind="regression", metric="spearman"),
]
SPAN_TASKS = TASKS[:3]


@st.composite
def batches(draw, tasks=TASKS, unlabelled=True):
    """A task, its sentences as predictions, and references that lack some tokens or all of a sentence."""
    task = draw(st.sampled_from(tasks))
    value = st.integers(0, len(task.labels) - 1) if task.labels else st.integers(-3, 3).map(float)
    reference = st.one_of(value, value, st.sampled_from([None, UNLABELLED])) if unlabelled else value
    predictions, references = [], []
    for length in draw(st.lists(st.integers(0 if unlabelled else 1, 8), max_size=5 if unlabelled else 4)):
        predictions.append(draw(st.lists(value, min_size=length, max_size=length)))
        given_up = unlabelled and draw(st.integers(0, 5)) == 0
        references.append(None if given_up else draw(st.lists(reference, min_size=length, max_size=length)))
    return task, predictions, references


def scores(task, *updates):
    total = TaskScores(task)
    for predictions, references in updates:
        total.update(predictions, references)
    return total.compute()


def same(first, second):
    """Equal up to the last digits of a rank correlation, which numpy sums in the order of the tokens."""
    for one, other in zip(first, second, strict=True):
        assert (one.metric, one.span_type, one.support) == (other.metric, other.span_type, other.support)
        assert (one.precision, one.recall) == (other.precision, other.recall)
        assert one.value == (other.value if one.metric != "spearman" else pytest.approx(other.value, abs=1e-12))


# conlleval, written anew from its description: which pairs of neighbouring tags end and start a chunk.


def conll_ends(before, after):
    (tag, span_type), (next_tag, next_type) = before, after
    pairs = {("B", "B"), ("B", "O"), ("I", "B"), ("I", "O"), ("E", "E"), ("E", "I"), ("E", "O")}
    return (tag, next_tag) in pairs or (tag != "O" and span_type != next_type)


def conll_starts(before, after):
    (tag, span_type), (next_tag, next_type) = before, after
    pairs = {("B", "B"), ("I", "B"), ("O", "B"), ("O", "I"), ("E", "E"), ("E", "I"), ("O", "E")}
    return (tag, next_tag) in pairs or (next_tag != "O" and span_type != next_type)


def conlleval(guessed_sentences, correct_sentences):
    """(correct, guessed, expected) chunks, counted line by line."""
    found_correct = found_guessed = correct_chunks = 0
    last_correct = last_guessed = ("O", "")
    in_correct = False
    lines = [
        tuple(("O", "") if label == "O" else tuple(label.split("-")) for label in pair)
        for sentences in zip(guessed_sentences, correct_sentences, strict=True)
        for pair in [*zip(*sentences, strict=True), ("O", "O")]
    ]
    for guessed, correct in lines:
        ends = conll_ends(last_guessed, guessed), conll_ends(last_correct, correct)
        starts = conll_starts(last_guessed, guessed), conll_starts(last_correct, correct)
        if in_correct:
            if all(ends) and last_guessed[1] == last_correct[1]:
                in_correct = False
                correct_chunks += 1
            elif ends[0] != ends[1] or guessed[1] != correct[1]:
                in_correct = False
        if all(starts) and guessed[1] == correct[1]:
            in_correct = True
        found_guessed += starts[0]
        found_correct += starts[1]
        last_guessed, last_correct = guessed, correct
    return correct_chunks, found_guessed, found_correct


def names(task, sentences):
    return [[task.labels[i] for i in sentence] for sentence in sentences]


@given(batches(SPAN_TASKS[:2], unlabelled=False))
def test_agrees_with_conlleval(case):
    task, predictions, references = case
    micro = scores(task, (predictions, references))[1]
    correct, guessed, expected = conlleval(names(task, predictions), names(task, references))
    assert micro.support == expected
    if guessed + expected == 0:
        assert micro.value is None
    else:
        assert micro.precision == (correct / guessed if guessed else 0)
        assert micro.recall == (correct / expected if expected else 0)
        assert micro.value == pytest.approx(2 * correct / (guessed + expected))


@given(batches(SPAN_TASKS, unlabelled=False).filter(lambda case: case[1]))
def test_agrees_with_seqeval(case):
    task, predictions, references = case
    accuracy, micro, *per_type = scores(task, (predictions, references))
    guessed, expected = names(task, predictions), names(task, references)
    assert accuracy.value == accuracy.accuracy == micro.accuracy == accuracy_score(expected, guessed)
    assert {score.accuracy for score in per_type} == {None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns of empty denominators
        expected_micro = precision_recall_fscore_support(expected, guessed, average="micro")
        by_type = precision_recall_fscore_support(expected, guessed, average=None)
    check_against_seqeval(micro, *expected_micro)
    occurring = [score for score in per_type if score.value is not None]
    assert len(occurring) == len(by_type[0])
    for score, *values in zip(occurring, *by_type, strict=True):
        check_against_seqeval(score, *values)


def check_against_seqeval(score, precision, recall, f1, support):
    assert score.support == support
    assert [score.precision or 0, score.recall or 0, score.value or 0] == pytest.approx([precision, recall, f1])


def test_an_inside_label_after_outside_opens_a_span():
    task = span_task("IOB2")
    outside, begin_a, inside_a = (task.labels.index(label) for label in ("O", "B-A", "I-A"))
    _, micro, *_ = scores(task, ([[outside, inside_a, inside_a]], [[outside, begin_a, inside_a]]))
    assert micro.value == 1.0


def test_spans_do_not_reach_over_the_end_of_a_sentence():
    task = span_task("IOB2")
    begin_a, inside_a = task.labels.index("B-A"), task.labels.index("I-A")
    _, micro, *_ = scores(task, ([[begin_a], [inside_a]], [[begin_a], [inside_a]]))
    assert micro.support == 2


@given(batches(), st.randoms())
def test_the_order_of_sentences_does_not_matter(case, random):
    task, predictions, references = case
    order = list(range(len(predictions)))
    random.shuffle(order)
    shuffled = [predictions[i] for i in order], [references[i] for i in order]
    same(scores(task, (predictions, references)), scores(task, shuffled))


@given(batches(), st.integers(0, 5))
def test_batches_and_merged_parts_give_the_same_as_all_at_once(case, cut):
    task, predictions, references = case
    parts = (predictions[:cut], references[:cut]), (predictions[cut:], references[cut:])
    whole = scores(task, (predictions, references))
    same(whole, scores(task, *parts))
    first, second = TaskScores(task), TaskScores(task)
    first.update(*parts[0])
    second.update(*parts[1])
    kept = copy.deepcopy(second).compute()
    first.merge(second)
    same(whole, first.compute())
    same(kept, second.compute())


@given(batches())
def test_perfect_predictions_score_one(case):
    task, _, references = case
    # where there is no reference a prediction may be anything, also none at all
    predictions = [[] if sentence is None else sentence for sentence in references]
    for score in scores(task, (predictions, references)):
        if score.value is not None:
            assert score.value == pytest.approx(0.0 if score.metric == "mean_squared_error" else 1.0)
        if score.precision is not None:
            assert score.precision == score.recall == 1.0


@given(batches(), st.integers(0, 5))
def test_what_is_predicted_where_nothing_is_labelled_does_not_matter(case, value):
    task, predictions, references = case
    value = min(value, len(task.labels) - 1) if task.labels else value
    changed = [
        [
            p if reference is not None and reference[i] not in (None, UNLABELLED) else value
            for i, p in enumerate(prediction)
        ]
        for prediction, reference in zip(predictions, references, strict=True)
    ]
    same(scores(task, (predictions, references)), scores(task, (changed, references)))


@given(batches())
def test_arrays_and_nan_are_read_like_lists_and_none(case):
    task, predictions, references = case
    arrays = [
        np.full(len(prediction), np.nan) if reference is None else np.array(reference, dtype=float)
        for prediction, reference in zip(predictions, references, strict=True)
    ]
    given_arrays = [np.array(prediction, dtype=np.float32) for prediction in predictions], arrays
    same(scores(task, (predictions, references)), scores(task, given_arrays))


@pytest.mark.parametrize("task", TASKS, ids=str)
def test_nothing_labelled_has_no_score(task):
    for updates in ([], [([], [])], [([[]], [[]])], [([[0, 0], [1]], [None, [UNLABELLED]])]):
        assert {(score.value, score.support) for score in scores(task, *updates)} == {(None, 0)}


def test_what_is_scored_follows_from_the_task():
    metrics = {task.name + str(task.scheme): [score.metric for score in scores(task)] for task in TASKS}
    assert metrics["nerIOB2"] == ["accuracy", "span_f1", "span_f1", "span_f1"]
    assert metrics["posnone"] == ["accuracy"]
    assert metrics["gazenone"] == ["mean_squared_error", "spearman"]
    assert {score.accuracy for score in scores(TASKS[4], ([[1.0, 2.0]], [[1.0, 3.0]]))} == {None}


@pytest.mark.parametrize(
    ("predictions", "references", "message"),
    [
        ([[0]], [[0], [1]], "task 'pos': 1 sentences predicted, 2 references"),
        ([[0], [0, 1]], [[0], [1]], "task 'pos': sentence 1: 2 tokens predicted, 1 references"),
        ([[3]], [[0]], "task 'pos': prediction 3 is not a label id from 0 to 2"),
        ([[0]], [[-1]], "task 'pos': reference -1 is not a label id from 0 to 2"),
        ([[0.5]], [[0]], "task 'pos': prediction 0.5 is not a label id"),
        ([[None]], [[0]], "task 'pos': prediction nan is not a label id"),
    ],
)
def test_bad_input_is_named(predictions, references, message):
    with pytest.raises(UserError, match=message):
        TaskScores(TASKS[3]).update(predictions, references)


def test_scores_of_different_tasks_are_not_added():
    with pytest.raises(UserError, match="scores of task 'pos' cannot be added to those of task 'gaze'"):
        TaskScores(TASKS[4]).merge(TaskScores(TASKS[3]))


def test_counting_needs_neither_evaluate_nor_torch():
    code = (
        "import sys, hf_sluice.evaluation.evaluator, hf_sluice.evaluation.tables; "
        "sys.exit(bool({'evaluate', 'datasets', 'torch', 'scipy', 'rich'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
