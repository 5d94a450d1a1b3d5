"""Counts behind the scores, in a form that adds up over batches and over processes.

A score that nothing speaks for is None: accuracy of no token, F1 where there is neither a predicted nor an expected
span, a rank correlation of fewer than two or of equal values. Where there are spans on one side only, precision, recall
and F1 are 0.0, as ``conlleval`` prints them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from hf_sluice.evaluation.spans import CORRECT, EXPECTED, PREDICTED, SpanLabels, count_spans
from hf_sluice.tasks import TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Score:
    """One score of one task.

    Args:
        metric: its name, a value of :class:`~hf_sluice.tasks.TaskMetric`.
        value: the score, or None where it is undefined; fractions, not percentages.
        support: the labelled tokens (accuracy, regression) or the expected spans that it speaks of.
        precision: of spans, else None.
        recall: of spans, else None.
        span_type: the type of the spans; None for all types together (micro average) and for scores of tokens.
        accuracy: the share of labelled tokens with the right label, which papers report for span tasks too: beside
            the F1 of all types, and equal to ``value`` for accuracy; else None.
    """

    metric: str
    value: float | None
    support: int
    precision: float | None = None
    recall: float | None = None
    span_type: str | None = None
    accuracy: float | None = None


class Counts(Protocol):
    """What can be counted of predictions; NaN in ``expected_N`` marks positions without a reference."""

    def update(self, predicted_N: NDArray[np.float64], expected_N: NDArray[np.float64]) -> None:
        """Adds a batch: label ids or numbers, one per position."""

    def merge(self, other: Self) -> None:
        """Adds what was counted elsewhere."""

    def compute(self) -> Iterator[Score]:
        """Yields the scores of all that was counted."""


@dataclass
class TokenCounts:
    """Accuracy."""

    tokens: int = 0
    correct: int = 0

    def update(self, predicted_N: NDArray[np.float64], expected_N: NDArray[np.float64]) -> None:
        """Counts positions with a reference."""
        self.tokens += int(np.count_nonzero(~np.isnan(expected_N)))
        self.correct += int(np.count_nonzero(predicted_N == expected_N))

    def merge(self, other: Self) -> None:
        """Adds what another process counted."""
        self.tokens += other.tokens
        self.correct += other.correct

    def compute(self) -> Iterator[Score]:
        """Yields the accuracy."""
        accuracy = self.correct / self.tokens if self.tokens else None
        yield Score(TaskMetric.ACCURACY.value, accuracy, self.tokens, accuracy=accuracy)


@dataclass
class SpanCounts:
    """Precision, recall and F1 of spans, micro averaged and per type."""

    labels: SpanLabels
    counts: NDArray[np.int64] = field(init=False)  # (types, 3)

    def __post_init__(self) -> None:
        self.counts = np.zeros((len(self.labels.types), 3), dtype=np.int64)

    def update(self, predicted_N: NDArray[np.float64], expected_N: NDArray[np.float64]) -> None:
        """Counts; NaN in ``expected_N`` is read as ``O`` on both sides."""
        unlabelled_N = np.isnan(expected_N)
        predicted, expected = (
            np.where(unlabelled_N, self.labels.outside, ids_N).astype(np.int64) for ids_N in (predicted_N, expected_N)
        )
        self.counts += count_spans(predicted, expected, self.labels)

    def merge(self, other: Self) -> None:
        """Adds what another process counted."""
        self.counts += other.counts

    def compute(self) -> Iterator[Score]:
        """Yields the micro average, then one score per type."""
        yield self._score(self.counts.sum(axis=0), None)
        for span_type, counts in zip(self.labels.types, self.counts, strict=True):
            yield self._score(counts, span_type)

    @staticmethod
    def _score(counts: NDArray[np.int64], span_type: str | None) -> Score:
        correct, predicted, expected = (int(counts[column]) for column in (CORRECT, PREDICTED, EXPECTED))
        if not predicted + expected:
            return Score(TaskMetric.SPAN_F1.value, None, 0, span_type=span_type)
        return Score(
            metric=TaskMetric.SPAN_F1.value,
            value=2 * correct / (predicted + expected),
            support=expected,
            precision=correct / predicted if predicted else 0.0,
            recall=correct / expected if expected else 0.0,
            span_type=span_type,
        )


@dataclass
class RegressionValues:
    """Mean squared error and Spearman's rank correlation; the latter does not add up, so the values are kept."""

    predicted: list[NDArray[np.float64]] = field(default_factory=list)
    expected: list[NDArray[np.float64]] = field(default_factory=list)

    def update(self, predicted_N: NDArray[np.float64], expected_N: NDArray[np.float64]) -> None:
        """Keeps the values of positions with a reference."""
        labelled_N = ~np.isnan(expected_N)
        self.predicted.append(predicted_N[labelled_N])
        self.expected.append(expected_N[labelled_N])

    def merge(self, other: Self) -> None:
        """Adds the values of another process."""
        self.predicted += other.predicted
        self.expected += other.expected

    def compute(self) -> Iterator[Score]:
        """Yields the mean squared error, then the rank correlation."""
        predicted, expected = (np.concatenate([*parts, []]) for parts in (self.predicted, self.expected))
        size = len(expected)
        # math.fsum rounds once, so that the result does not depend on the order of sentences and processes.
        error = math.fsum(np.square(predicted - expected)) / size if size else None
        yield Score(TaskMetric.MEAN_SQUARED_ERROR.value, error, size)
        yield Score(TaskMetric.SPEARMAN.value, _spearman(predicted, expected), size)


def _spearman(predicted: NDArray[np.float64], expected: NDArray[np.float64]) -> float | None:
    if len(expected) < 2 or np.ptp(predicted) == 0 or np.ptp(expected) == 0:  # noqa: PLR2004
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(predicted, expected).statistic)
