"""The tasks of a model and their label sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.task_descriptions import describe_task
from hf_sluice.evaluation.tables import NOTHING, TextTable
from hf_sluice.hub.cards.markdown import Markdown, folded, written
from hf_sluice.hub.cards.scores import METRIC_NAMES
from hf_sluice.tasks import TaggingScheme, TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hf_sluice.hub.cards.record import CardRecord
    from hf_sluice.hub.cards.sources import Sources
    from hf_sluice.tasks import Task


def tasks_table(record: CardRecord) -> TextTable:
    """The tasks."""
    default = record.tagger.model.config.decoder
    rows = tuple(
        (
            task.name,
            "a number" if task.kind is TaskKind.REGRESSION else f"one of {len(task.labels):,} labels",
            NOTHING if task.scheme is TaggingScheme.NONE else str(task.scheme),
            str(task.decoder or default).replace("_crf", " + CRF"),
            METRIC_NAMES[task.metric],
            f"{task.weight:g}",
        )
        for task in record.tasks
    )
    return TextTable("Tasks", ("task", "gives each word", "scheme", "decoder", "judged by", "λ"), rows, 5)


def task_words(record: CardRecord, sources: Sources) -> list[Markdown]:
    """What the tasks of corpora that are known label, one line each."""
    return [
        written("{task}: {words}{of}", task=task.name, words=Markdown(words), of=Markdown(of))
        for task in record.tasks
        for source in sources.corpora
        if (words := describe_task(source.name, task.name)) is not None
        for of in [f" ({source.title})" if len(sources.corpora) > 1 else ""]
    ]


def label_sets(record: CardRecord) -> list[Markdown]:
    """The label set of each task that has one, folded; with how often each label stands in training, if known."""
    return [_label_set(task, record.training_labels.get(task.name, {})) for task in record.tasks if task.labels]


def _label_set(task: Task, counts: Mapping[str, int]) -> Markdown:
    # In the order of the label ids: it is by these that a model without its pipeline answers.
    known = set(counts) == set(task.labels)
    shown = [written("{label} ({n})", label=label, n=f"{counts[label]:,}") if known else written("{label}", label=label)
             for label in task.labels]  # fmt: skip
    heading = (
        f"The labels of {task.name}, in the order of their ids{', with their number in training' if known else ''}"
    )
    return folded(heading, " · ".join(shown))  # a comma may be a label
