"""Rows of data sets that the `datasets` library loads, with a column of words and columns of labels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from datasets import ClassLabel, Value

from hf_sluice.data.formats.hf_opening import Rows, loading_errors
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task, TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NOT_ANNOTATED = (-100, -1)
_EXPECTED = {
    TaskKind.CLASSIFICATION: "strings, ClassLabel ids, or ids of labels that the task lists,",
    TaskKind.REGRESSION: "numbers",
}


@dataclass(frozen=True, slots=True)
class DatasetLayout:
    """Which column holds what.

    Args:
        layers: per task name the column of its labels: lists of ClassLabel ids, strings or numbers. Numbers without a
            ClassLabel are values of a regression task, and for classification ids in the order of the task's labels.
            The ids -1 and -100, and None, mark a word that is not annotated; None in place of the list, a sentence.
        tokens: the column of the words.
        domain: the column of the domain (ClassLabel or string); None for ``domain`` where there is one.
        sent_id: the column of the id; None for ``sent_id`` where there is one, else ids are ``<split>-<row>``.
    """

    layers: Mapping[str, str]
    tokens: str = "tokens"
    domain: str | None = None
    sent_id: str | None = None

    def check(self, features: Mapping[str, Any], source: str) -> None:
        """Raises UserError for a column that is not in ``features``."""
        for column in (self.tokens, *self.layers.values(), self.domain, self.sent_id):
            if column is not None and column not in features:
                raise UserError(f"data set {source!r} has no column {column!r}; it has {', '.join(features) or 'none'}")


def with_class_labels(tasks: Sequence[Task], rows: Rows, layout: DatasetLayout) -> tuple[Task, ...]:
    """Gives classification tasks without labels those of their ClassLabel column, in the order of the ids."""
    features = rows.features or {}
    return tuple(
        _with_class_labels(task, getattr(features[layout.layers[task.name]], "feature", None)) for task in tasks
    )


def _with_class_labels(task: Task, feature: Any) -> Task:
    if task.labels or task.kind is TaskKind.REGRESSION or not isinstance(feature, ClassLabel):
        return task
    return replace(task, labels=tuple(feature.names))


def domain_names(rows: Rows, layout: DatasetLayout) -> tuple[str, ...]:
    """The names of a ClassLabel column of domains, in the order of the ids; none for any other."""
    return tuple(getattr((rows.features or {}).get(layout.domain or "domain"), "names", ()))


def read_rows(rows: Rows, split: str, source: str, tasks: Sequence[Task], layout: DatasetLayout) -> Iterator[Sentence]:
    """Streams the rows of one split as sentences; a place is ``<source>!<split>`` and a row, counted from 1.

    Args:
        rows: the split.
        split: its name.
        source: the data set, for messages.
        tasks: those of ``layout.layers``.
        layout: what the columns hold.

    Raises:
        UserError: a missing column, or one that cannot be a task's; a DataError names the row.
    """
    features = rows.features or {}
    layout.check(features, source)
    layers = {task.name: _Layer.of(task, layout.layers[task.name], features, source) for task in tasks}
    domain = layout.domain or ("domain" if "domain" in features else None)
    sent_id = layout.sent_id or ("sent_id" if "sent_id" in features else None)
    for number, row in enumerate(_iterate(rows, source), start=1):
        place = Place(f"{source}!{split}", number)
        yield Sentence(
            tokens=_tokens(row[layout.tokens], layout.tokens, place),
            layers={task: layer.labels(row[layer.column], place) for task, layer in layers.items()},
            sent_id=f"{split}-{number}" if sent_id is None else str(row[sent_id]),
            domain=None if domain is None else _domain(row[domain], domain, features[domain], place),
            place=place,
        )


def _iterate(rows: Rows, source: str) -> Iterator[dict[str, Any]]:
    with loading_errors(source):
        yield from rows


def _tokens(value: Any, column: str, place: Place) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(token, str) for token in value):
        raise DataError(place.path, place.line, f"column {column!r} holds no list of words")
    return value


def _domain(value: Any, column: str, feature: Any, place: Place) -> str | None:
    if isinstance(feature, ClassLabel):
        return _name(value, feature.names, column, place)
    return None if value is None else str(value)


def _name(value: int | None, names: Sequence[str], column: str, place: Place) -> str | None:
    if value is None or value in _NOT_ANNOTATED:
        return None
    if not 0 <= value < len(names):
        raise DataError(place.path, place.line, f"column {column!r}: id {value} is not one of the {len(names)} known")
    return names[value]


@dataclass(frozen=True, slots=True)
class _Layer:
    """How one column becomes the labels of a task: ids through ``names``, or as they stand where there are none."""

    column: str
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, task: Task, column: str, features: Mapping[str, Any], source: str) -> _Layer:
        """The layer of a task that stands in a column; raises UserError where the column does not hold such labels."""
        feature = getattr(features[column], "feature", None)
        dtype = feature.dtype if isinstance(feature, Value) else ""
        integers, text = dtype.startswith(("int", "uint")), dtype in ("string", "large_string", "null")
        if task.kind is TaskKind.REGRESSION and (integers or dtype.startswith("float")):
            return cls(column)
        if task.kind is TaskKind.CLASSIFICATION and text:
            return cls(column)
        if task.kind is TaskKind.CLASSIFICATION and isinstance(feature, ClassLabel):
            return cls(column, tuple(feature.names))
        if task.kind is TaskKind.CLASSIFICATION and integers and task.labels:
            return cls(column, task.labels)
        raise UserError(
            f"data set {source!r}: column {column!r} is {features[column]!r}, which cannot be task {task.name!r} "
            f"({task.kind}); lists of {_EXPECTED[task.kind]} are expected"
        )

    def labels(self, values: Any, place: Place) -> list[str | float | None] | None:
        if values is None or not self.names:
            return values
        return [_name(value, self.names, self.column, place) for value in values]
