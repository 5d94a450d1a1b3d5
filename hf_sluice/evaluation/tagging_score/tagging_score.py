"""``evaluate.load("hf_sluice/evaluation/tagging_score", labels=[…], scheme="IOB2")``: no download, one task per metric.

``evaluate`` copies this file elsewhere and takes the first metric that it finds in it: so none is imported by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hf_sluice.errors import UserError
from hf_sluice.evaluation import metrics
from hf_sluice.tasks import Task, TaskKind, TaskMetric

if TYPE_CHECKING:
    from collections.abc import Sequence


class TaggingScore(metrics.TaggingMetric):
    """The scores of one task, described here; what is added and returned is said in :class:`metrics.TaggingMetric`.

    Args:
        config_name: None; there are no configurations.
        labels: the label set, in the order of the label ids; none for regression.
        scheme: of the labels: ``IOB1``, ``IOB2``, ``BIOES``, or ``none`` for labels that mark no spans.
        kind: ``classification`` or ``regression``.
        options: what :class:`evaluate.Metric` takes.

    Raises:
        UserError: arguments that contradict each other.
    """

    def __init__(
        self,
        config_name: str | None = None,
        *,
        labels: Sequence[str] = (),
        scheme: str = "none",
        kind: str = "classification",
        **options: Any,
    ) -> None:
        if config_name is not None:
            raise UserError(f"tagging_score: there is no configuration {config_name!r}; say labels=[…] and scheme=…")
        if isinstance(labels, str) or (kind == TaskKind.CLASSIFICATION and not labels):
            raise UserError(
                "tagging_score: labels: a list of the task's labels is expected, such as ['O', 'B-PER', 'I-PER']"
            )
        metric = TaskMetric.MEAN_SQUARED_ERROR if kind == TaskKind.REGRESSION else TaskMetric.ACCURACY
        described = {"name": "task", "labels": labels, "kind": kind, "scheme": scheme, "metric": metric}
        super().__init__(Task.from_dict(described), **options)
