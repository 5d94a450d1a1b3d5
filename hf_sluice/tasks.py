"""A task: one labelling of the tokens of a sentence."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from hf_sluice.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


class TaskKind(StrEnum):
    """What a task predicts for each token: one label of a set, or a number."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


class TaggingScheme(StrEnum):
    """How spans are written as one label per token. It is always said, never guessed from the labels."""

    NONE = "none"
    IOB1 = "IOB1"
    IOB2 = "IOB2"
    BIOES = "BIOES"


class TaskDecoder(StrEnum):
    """How a task's labels are found: by one layer or a tanh layer before it, then by a softmax per token or a CRF."""

    MLP = "mlp"
    LINEAR = "linear"
    MLP_CRF = "mlp_crf"
    LINEAR_CRF = "linear_crf"

    @property
    def has_crf(self) -> bool:
        """Whether sequences of labels are scored, which numbers cannot be."""
        return self in {TaskDecoder.MLP_CRF, TaskDecoder.LINEAR_CRF}


class TaskMetric(StrEnum):
    """The score by which a task is judged. All but the mean squared error are better when larger."""

    ACCURACY = "accuracy"
    SPAN_F1 = "span_f1"
    MEAN_SQUARED_ERROR = "mean_squared_error"
    SPEARMAN = "spearman"

    @property
    def larger_is_better(self) -> bool:
        """Whether a larger value is a better one."""
        return self is not TaskMetric.MEAN_SQUARED_ERROR

    @property
    def is_share(self) -> bool:
        """Whether a value is a share of what is right, from 0 to 1, which tables show in per cent."""
        return self in {TaskMetric.ACCURACY, TaskMetric.SPAN_F1}


_REGRESSION_METRICS = (TaskMetric.MEAN_SQUARED_ERROR, TaskMetric.SPEARMAN)


@dataclass(frozen=True, slots=True)
class Task:
    """One labelling of the tokens.

    Args:
        name: the column of the data set that holds it; letters, digits, ``_`` and ``-``.
        labels: the label set, in the order of the label ids; empty for regression.
        kind: ``classification`` or ``regression``.
        scheme: the tagging scheme of the labels, ``none`` for labels that mark no spans.
        metric: ``accuracy`` or ``span_f1`` (classification), ``mean_squared_error`` or ``spearman`` (regression).
        weight: λ of this task's loss (Ruder et al. 2019, the loss of "Matrix Regularization"), positive.
        decoder: ``mlp``, ``linear``, ``mlp_crf`` or ``linear_crf``; None for the one that the model has for its tasks.

    Raises:
        UserError: the fields contradict each other.
    """

    name: str
    labels: tuple[str, ...] = ()
    kind: TaskKind = TaskKind.CLASSIFICATION
    scheme: TaggingScheme = TaggingScheme.NONE
    metric: TaskMetric = TaskMetric.ACCURACY
    weight: float = 1.0
    decoder: TaskDecoder | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        for field, enum in (("kind", TaskKind), ("scheme", TaggingScheme), ("metric", TaskMetric)):
            object.__setattr__(self, field, self._member(field, enum))
        if self.decoder is not None:
            object.__setattr__(self, "decoder", self._member("decoder", TaskDecoder))
        self._check_name_and_weight()
        if self.kind is TaskKind.REGRESSION:
            self._check_regression()
        else:
            self._check_classification()

    def _member(self, field: str, enum: type[StrEnum]) -> StrEnum:
        value = getattr(self, field)
        try:
            return enum(value)
        except ValueError:
            expected = ", ".join(enum)
            raise UserError(f"task {self.name!r}: {field} {value!r} is not one of {expected}") from None

    def _check_name_and_weight(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UserError(f"task {self.name!r}: a name is made of letters, digits, '_' and '-', no digit first")
        if isinstance(self.weight, bool) or not isinstance(self.weight, int | float) or not 0 < self.weight < math.inf:
            raise UserError(f"task {self.name!r}: weight {self.weight!r} should be a positive number")

    def _check_regression(self) -> None:
        if self.labels or self.scheme is not TaggingScheme.NONE:
            raise UserError(f"task {self.name!r}: a regression task has no labels and no tagging scheme")
        if self.metric not in _REGRESSION_METRICS:
            raise UserError(f"task {self.name!r}: metric {self.metric} is for classification; use mean_squared_error")
        if self.decoder is not None and self.decoder.has_crf:
            raise UserError(f"task {self.name!r}: decoder {self.decoder} is for classification; use mlp or linear")

    def _check_classification(self) -> None:
        if self.metric in _REGRESSION_METRICS:
            raise UserError(f"task {self.name!r}: metric {self.metric} is for regression; use accuracy or span_f1")
        if self.metric is TaskMetric.SPAN_F1 and self.scheme is TaggingScheme.NONE:
            raise UserError(f"task {self.name!r}: span_f1 needs a tagging scheme (IOB1, IOB2 or BIOES)")
        if len(set(self.labels)) != len(self.labels):
            raise UserError(f"task {self.name!r}: a label stands twice in {list(self.labels)}")
        if self.scheme is not TaggingScheme.NONE:
            self._check_span_labels()

    def _check_span_labels(self) -> None:
        prefixes = "BIES" if self.scheme is TaggingScheme.BIOES else "BI"
        for label in self.labels:
            if label != "O" and not (label[:1] in prefixes and label[1:2] == "-" and label[2:]):
                raise UserError(
                    f"task {self.name!r}: label {label!r} is not {self.scheme}: O, or one of {', '.join(prefixes)} "
                    "followed by - and a type"
                )

    @property
    def num_outputs(self) -> int:
        """Units of the task's output layer: one per label, or one for regression."""
        return 1 if self.kind is TaskKind.REGRESSION else len(self.labels)

    def to_dict(self) -> dict[str, Any]:
        """The task in plain values, as configurations and JSON files hold it; a decoder only where there is one."""
        values = asdict(self)
        return {
            key: list(v) if isinstance(v, tuple) else str(v) if isinstance(v, StrEnum) else v
            for key, v in values.items()
            if v is not None
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Reads what :meth:`to_dict` wrote; raises UserError for an unknown field."""
        unknown = set(values) - set(cls.__dataclass_fields__)
        if unknown:
            raise UserError(f"task {values.get('name')!r}: unknown field {min(unknown)!r}")
        return cls(**values)
