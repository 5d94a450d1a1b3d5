"""The tables of a data-set card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.hub.cards.markdown import Markdown
from hf_sluice.hub.cards.scores import METRIC_NAMES
from hf_sluice.tasks import TaggingScheme, TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.data.statistics import CorpusStatistics, LayerStatistics
    from hf_sluice.tasks import Task

_ALL = Markdown("*all*")


def columns_table(tasks: Sequence[Task]) -> TextTable:
    """What each column of the data set holds."""
    of_tasks = tuple((task.name, _content(task)) for task in tasks)
    rows = (
        ("tokens", "the words of a sentence"),
        *of_tasks,
        ("domain", "the id of the kind of text, None where it is not known"),
        ("sent_id", "the name of the sentence"),
    )
    return TextTable("Columns", ("column", "holds"), rows, num_names=2)


def tasks_table(tasks: Sequence[Task]) -> TextTable:
    """What ``tasks.json`` says of the tasks."""
    rows = tuple(
        (
            task.name,
            str(task.kind),
            NOTHING if task.scheme is TaggingScheme.NONE else str(task.scheme),
            METRIC_NAMES[task.metric],
            NOTHING if task.decoder is None else str(task.decoder),
            f"{len(task.labels):,}" if task.labels else NOTHING,
            f"{task.weight:g}",
        )
        for task in tasks
    )
    return TextTable("Tasks", ("task", "kind", "scheme", "judged by", "decoder", "labels", "weight"), rows, num_names=5)


def sizes_table(statistics: CorpusStatistics) -> TextTable:
    """Sentences, words, unknown words and sentences with each task, per split and domain."""
    groups = [group for group in statistics.groups if group.sentences]
    with_gaps = any(layer.sentences_without for group in groups for layer in group.layers)
    tasks = [task.name for task in statistics.tasks] if with_gaps else []
    rows = tuple(
        (
            group.split,
            _ALL if group.domain is None else group.domain,
            f"{group.sentences:,}",
            f"{group.words:,}",
            _share(group.unknown_word_rate),
            *(f"{group.sentences - layer.sentences_without:,}" for layer in group.layers if layer.task in tasks),
        )
        for group in groups
    )
    columns = ("split", "domain", "sentences", "words", "words not in train", *(f"with {task}" for task in tasks))
    return TextTable("Sizes", columns, rows, num_names=2)


def labels_table(statistics: CorpusStatistics, number: int) -> TextTable:
    """How often each label of a task stands in each split; for numbers, their mean and standard deviation.

    Args:
        statistics: of the corpus.
        number: of the task, counted from 0.
    """
    task = statistics.tasks[number]
    layers = {group.split: group.layers[number] for group in statistics.groups if group.domain is None}
    if task.kind is TaskKind.REGRESSION:
        rows = (
            ("numbers", *(f"{layer.words:,}" for layer in layers.values())),
            ("mean", *(_number(layer.mean) for layer in layers.values())),
            ("standard deviation", *(_number(layer.standard_deviation) for layer in layers.values())),
        )
        return TextTable(task.name, ("", *layers), rows, num_names=1)
    return TextTable(
        task.name,
        ("id", "label", *layers),
        tuple((str(label_id), label, *_counts(label, layers)) for label_id, label in enumerate(task.labels)),
        num_names=2,
    )


def _counts(label: str, layers: Mapping[str, LayerStatistics]) -> list[str]:
    return [f"{layer.labels[label]:,}" for layer in layers.values()]


def _content(task: Task) -> str:
    return "a number per word" if task.kind is TaskKind.REGRESSION else "the id of a label per word"


def _share(rate: float | None) -> str:
    return NOTHING if rate is None else f"{100 * rate:.1f} %"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.4g}"
