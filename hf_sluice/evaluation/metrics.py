"""The scores of one task as a metric of the ``evaluate`` library, without the network.

Importing ``evaluate`` takes seconds; nothing else of the package imports it. The counting is in
:mod:`hf_sluice.evaluation.scores`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import datasets
import evaluate

from hf_sluice.errors import UserError
from hf_sluice.evaluation.scores import TaskScores
from hf_sluice.tasks import TaskKind, TaskMetric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.evaluation.counts import Score
    from hf_sluice.tasks import Task

_Labels: TypeAlias = "Iterable[str | float | None] | None"
_Sentences: TypeAlias = "Iterable[_Labels] | None"

_DESCRIPTION = """Of a tagging task: accuracy, and strict precision, recall and F1 of spans, as conlleval counts them.
Of a regression task: mean squared error and Spearman's rank correlation."""

_INPUTS_DESCRIPTION = """
Args:
    predictions: per sentence one label or label id (regression: one number) per token.
    references: the same; None or -100 (also NaN) for a token that is not annotated, which is not counted and is outside
        of every span; None for a sentence without annotation.
"""


class TaggingMetric(evaluate.Metric):
    """Scores one task: ``TaggingMetric(task)``, then ``add_batch(predictions=…, references=…)`` and ``compute()``.

    ``compute`` returns plain numbers: for classification ``accuracy`` and ``tokens``; with a tagging scheme also
    ``span_f1``, ``span_precision``, ``span_recall``, ``spans`` (the expected ones) and ``per_type`` (type of span →
    ``precision``, ``recall``, ``f1``, ``support``); for regression ``mean_squared_error``, ``spearman`` and ``tokens``.
    A score is None where it is undefined. As with every ``evaluate.Metric``, ``compute`` raises ValueError when nothing
    at all was added, and returns None in all processes but the first.

    Args:
        task: the task; in several processes each builds its own metric.
        options: what :class:`evaluate.Metric` takes: ``num_process``, ``process_id``, ``experiment_id``, ``cache_dir``.
    """

    def __init__(self, task: Task, **options: Any) -> None:
        self.task = task  # needed by _info, which the base class calls
        self._ids = {label: i for i, label in enumerate(task.labels)}
        super().__init__(**options)

    def _info(self) -> evaluate.MetricInfo:
        # Labels are kept as their ids: evaluate refuses a first sentence whose strings are all None.
        value = datasets.Value("float64" if self.task.kind is TaskKind.REGRESSION else "int64")
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS_DESCRIPTION,
            features=datasets.Features({side: datasets.Sequence(value) for side in ("predictions", "references")}),
        )

    def add_batch(self, *, predictions: _Sentences = None, references: _Sentences = None) -> None:
        """Adds sentences; raises UserError for a label that the task does not have."""
        super().add_batch(predictions=self._all_values(predictions), references=self._all_values(references))

    def add(self, *, prediction: _Labels = None, reference: _Labels = None) -> None:
        """Adds one sentence; raises UserError for a label that the task does not have."""
        super().add(prediction=self._values(prediction), reference=self._values(reference))

    def _compute(self, predictions: Sequence[Any], references: Sequence[Any]) -> dict[str, Any]:
        scores = TaskScores(self.task)
        scores.update(predictions, references)
        return _as_dict(scores.compute())

    def _all_values(self, sentences: _Sentences) -> list[list[float | None] | None] | None:
        return None if sentences is None else [self._values(labels) for labels in sentences]

    def _values(self, labels: _Labels) -> list[float | None] | None:
        if labels is None:
            return None
        try:
            return [self._ids[label] if isinstance(label, str) else label for label in labels]
        except KeyError as error:
            expected = ", ".join(self.task.labels) or "numbers"
            raise UserError(f"task {self.task.name!r}: label {error.args[0]!r} is not one of {expected}") from None


def _as_dict(scores: Iterable[Score]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for score in scores:
        if score.metric != TaskMetric.SPAN_F1:
            values |= {score.metric: score.value, "tokens": score.support}
        elif score.span_type is None:
            values |= {f"span_{name}": value for name, value in _span_values(score).items() if name != "support"}
            values |= {"spans": score.support, "per_type": {}}
        else:
            values["per_type"][score.span_type] = _span_values(score)
    return values


def _span_values(score: Score) -> dict[str, float | None]:
    return {"precision": score.precision, "recall": score.recall, "f1": score.value, "support": score.support}
