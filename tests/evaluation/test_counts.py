from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from hf_sluice.evaluation.counts import RegressionValues, SpanCounts, TokenCounts
from hf_sluice.evaluation.spans import SpanLabels
from hf_sluice.tasks import TaggingScheme

LABELS = ("O", "B-A", "I-A", "B-B", "I-B")
NAN = float("nan")


def empty_counts():
    return [TokenCounts(), SpanCounts(SpanLabels.of(LABELS, TaggingScheme.IOB2)), RegressionValues()]


def counted(counts, predicted, expected):
    counts.update(np.array(predicted, dtype=float), np.array(expected, dtype=float))
    return counts


def values(counts):
    return [score.value for score in counts.compute()]


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize("expected", [[], [NAN, NAN]])
def test_nothing_labelled_has_no_score(kind, expected):
    for score in counted(empty_counts()[kind], [1.0] * len(expected), expected).compute():
        assert score.value is None
        assert score.support == 0


@pytest.mark.parametrize("kind", range(3))
def test_scores_are_plain_values(kind):
    for score in counted(empty_counts()[kind], [0, 1, 2, 3], [0, 1, 2, 1]).compute():
        for value in asdict(score).values():
            assert type(value) in (str, float, int, type(None))
        assert json.loads(json.dumps(asdict(score))) == asdict(score)


def test_accuracy_counts_labelled_positions_only():
    score = next(counted(TokenCounts(), [1, 1, 1, NAN], [1, 0, NAN, NAN]).compute())
    assert (score.value, score.support) == (0.5, 2)


def test_spans_on_one_side_only_score_zero():
    labels = SpanLabels.of(LABELS, TaggingScheme.IOB2)
    for predicted, expected, support in (([1, 2], [0, 0], 0), ([0, 0], [1, 2], 1)):
        micro, of_a, of_b = counted(SpanCounts(labels), predicted, expected).compute()
        assert (micro.value, micro.precision, micro.recall, micro.support) == (0.0, 0.0, 0.0, support)
        assert of_a.value == 0.0
        assert of_b.value is None


def test_spans_are_averaged_over_all_spans_and_per_type():
    # expected: A [0, 2), A [2, 3), B [4, 6); predicted: A [0, 2), A [2, 4), B [5, 6), B [6, 7)
    scores = counted(empty_counts()[1], [1, 2, 1, 2, 0, 3, 3], [1, 2, 1, 0, 3, 4, 0]).compute()
    micro, of_a, of_b = ((s.precision, s.recall, s.value, s.support, s.span_type) for s in scores)
    assert micro == (1 / 4, 1 / 3, 2 / 7, 3, None)
    assert of_a == (1 / 2, 1 / 2, 1 / 2, 2, "A")
    assert of_b == (0.0, 0.0, 0.0, 1, "B")


def test_an_unlabelled_position_breaks_spans_on_both_sides():
    counts = counted(empty_counts()[1], [1, 2, 2], [1, NAN, 2])
    assert counts.counts.tolist() == [[2, 2, 2], [0, 0, 0]]


pairs = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=2, max_size=20)


@given(pairs)
def test_regression_scores_are_their_definitions(case):
    predicted, expected = np.array(case, dtype=float).T
    error, spearman = values(counted(RegressionValues(), predicted, expected))
    assert error == pytest.approx(np.mean((predicted - expected) ** 2))
    if len(set(predicted)) > 1 and len(set(expected)) > 1:
        assert spearman == pytest.approx(np.corrcoef(rankdata(predicted), rankdata(expected))[0, 1], abs=1e-12)
    else:
        assert spearman is None


def test_regression_counts_labelled_positions_only():
    counts = counted(RegressionValues(), [1.0, 2.0, 9.0, 5.0], [1.0, 4.0, NAN, 5.0])
    assert [score.support for score in counts.compute()] == [3, 3]
    assert values(counts) == pytest.approx([4 / 3, 1.0])


@given(pairs)
def test_the_mean_squared_error_does_not_depend_on_the_order_in_any_bit(case):
    scaled = [(a / 3, b / 7) for a, b in case]
    forward, backward = RegressionValues(), RegressionValues()
    for pair in scaled:
        counted(forward, [pair[0]], [pair[1]])
    for pair in reversed(scaled):
        counted(backward, [pair[0]], [pair[1]])
    assert values(forward)[0] == values(backward)[0]
