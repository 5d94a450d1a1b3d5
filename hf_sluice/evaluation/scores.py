"""Scores of one task over any number of batches and processes.

Only tokens that have a reference are counted. One without (None, NaN or -100, as the losses ignore it) is left out of
the accuracy and of the regression scores, and is read as ``O`` in the prediction and in the reference when spans are
counted: it breaks a span of either side in two.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from hf_sluice.errors import UserError
from hf_sluice.evaluation.counts import Counts, RegressionValues, Score, SpanCounts, TokenCounts
from hf_sluice.evaluation.spans import SpanLabels
from hf_sluice.tasks import TaggingScheme, TaskKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hf_sluice.tasks import Task

Values: TypeAlias = "Sequence[Sequence[float | None] | NDArray[Any]]"
References: TypeAlias = "Sequence[Sequence[float | None] | NDArray[Any] | None]"

UNLABELLED = -100


class TaskScores:
    """Scores of one task: accuracy, and spans where the task has a tagging scheme; or the two regression scores.

    It may be sent from process to process (:func:`accelerate.utils.gather_object`) and merged there.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._counts: list[Counts] = [RegressionValues() if task.kind is TaskKind.REGRESSION else TokenCounts()]
        if task.scheme is not TaggingScheme.NONE:
            self._counts.append(SpanCounts(SpanLabels.of(task.labels, task.scheme)))

    def update(self, predictions: Values, references: References) -> None:
        """Counts sentences.

        Args:
            predictions: per sentence one label id (or number) per token.
            references: the same; None, NaN or -100 for a token without one, None for a sentence without any.

        Raises:
            UserError: different lengths, or an id outside the label set where there is a reference.
        """
        predicted_N, expected_N = self._flatten(predictions, references)
        if self.task.kind is TaskKind.CLASSIFICATION:
            labelled_N = ~np.isnan(expected_N)
            self._check_ids("prediction", predicted_N[labelled_N])
            self._check_ids("reference", expected_N[labelled_N])
        for counts in self._counts:
            counts.update(predicted_N, expected_N)

    def merge(self, other: TaskScores) -> None:
        """Adds what was counted elsewhere for the same task."""
        if other.task != self.task:
            raise UserError(f"scores of task {other.task.name!r} cannot be added to those of task {self.task.name!r}")
        for mine, theirs in zip(self._counts, other._counts, strict=True):
            mine.merge(theirs)

    def compute(self) -> tuple[Score, ...]:
        """The scores of all that was counted; that of all spans together carries the accuracy too."""
        of_tokens, *of_spans = chain.from_iterable(counts.compute() for counts in self._counts)
        return of_tokens, *(
            score if score.span_type is not None else replace(score, accuracy=of_tokens.accuracy) for score in of_spans
        )

    def _flatten(self, predictions: Values, references: References) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """All tokens in one array, an unlabelled position after each sentence."""
        if len(predictions) != len(references):
            raise self._error(f"{len(predictions)} sentences predicted, {len(references)} references")
        border = np.array([np.nan])
        pieces: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]] = ([border], [border])
        for number, (prediction, reference) in enumerate(zip(predictions, references, strict=True)):
            predicted = np.asarray(prediction, dtype=np.float64)
            expected = np.full_like(predicted, np.nan) if reference is None else np.asarray(reference, dtype=np.float64)
            if predicted.shape != expected.shape:
                raise self._error(f"sentence {number}: {predicted.size} tokens predicted, {expected.size} references")
            pieces[0].extend((predicted, border))
            pieces[1].extend((expected, border))
        predicted_N, expected_N = np.concatenate(pieces[0]), np.concatenate(pieces[1])
        return predicted_N, np.where(expected_N == UNLABELLED, np.nan, expected_N)

    def _check_ids(self, side: str, ids_N: NDArray[np.float64]) -> None:
        size = len(self.task.labels)
        wrong_N = ~((ids_N >= 0) & (ids_N < size) & (ids_N == np.floor(ids_N)))
        if wrong_N.any():
            raise self._error(f"{side} {ids_N[wrong_N][0]:g} is not a label id from 0 to {size - 1}")

    def _error(self, message: str) -> UserError:
        return UserError(f"task {self.task.name!r}: {message}")
