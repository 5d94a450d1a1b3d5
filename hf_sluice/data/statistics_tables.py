"""The statistics of a corpus as tables for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from hf_sluice.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hf_sluice.data.statistics import CorpusStatistics, LayerStatistics

_NOTHING = "-"


def statistics_tables(statistics: CorpusStatistics) -> list[Table]:
    """An overview of all splits and domains, the gaps if there are any, and per task its labels."""
    gaps = [_gaps(statistics)] if any(layer.sentences_without for g in statistics.groups for layer in g.layers) else []
    tasks = [_task_table(statistics, place) for place in range(len(statistics.tasks))]
    return [_overview(statistics), *gaps, *tasks]


def _overview(statistics: CorpusStatistics) -> Table:
    numbers = ("sentences", "words", "mean length", "types", "unknown words")
    rows = [
        (
            group.split,
            group.domain or "all",
            f"{group.sentences:,}",
            f"{group.words:,}",
            _number(group.mean_length, 1),
            f"{group.types:,}",
            _per_cent(group.unknown_word_rate),
        )
        for group in statistics.groups
        if group.sentences
    ]
    return _table("Corpus", ("split", "domain"), numbers, rows)


def _gaps(statistics: CorpusStatistics) -> Table:
    rows = [
        (group.split, group.domain or "all", *(f"{layer.sentences_without:,}" for layer in group.layers))
        for group in statistics.groups
        if group.sentences
    ]
    return _table("Sentences without the layer", ("split", "domain"), [task.name for task in statistics.tasks], rows)


def _task_table(statistics: CorpusStatistics, place: int) -> Table:
    """One column per split, one row per label, by frequency in the first split."""
    task = statistics.tasks[place]
    splits = [group for group in statistics.groups if group.domain is None]
    layers = [group.layers[place] for group in splits]
    rows = _number_rows(layers) if task.kind is TaskKind.REGRESSION else _label_rows(layers)
    title = f"{task.name}: {task.kind}" + (f", {len(task.labels)} labels" if task.labels else "")
    return _table(title, ("",), [group.split for group in splits], [_words_row(layers), *rows])


def _words_row(layers: Sequence[LayerStatistics]) -> tuple[str, ...]:
    return ("labelled words", *(f"{layer.words:,}" for layer in layers))


def _number_rows(layers: Sequence[LayerStatistics]) -> list[tuple[str, ...]]:
    return [
        ("mean", *(_number(layer.mean, 3) for layer in layers)),
        ("standard deviation", *(_number(layer.standard_deviation, 3) for layer in layers)),
    ]


def _label_rows(layers: Sequence[LayerStatistics]) -> list[tuple[str, ...]]:
    first = layers[0].labels
    by_frequency = sorted(first, key=lambda label: -first[label])
    return [
        ("entropy (bits)", *(_number(layer.entropy, 3) for layer in layers)),
        *((label, *(f"{layer.labels[label]:,}" for layer in layers)) for label in by_frequency),
    ]


def _table(title: str, names: Iterable[str], numbers: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Table:
    table = Table(title=Text(title))
    for name in names:
        table.add_column(Text(name))
    for number in numbers:
        table.add_column(Text(number), justify="right")
    for row in rows:
        table.add_row(*map(Text, row))  # as Text, so that brackets in names are not read as markup
    return table


def _number(value: float | None, digits: int) -> str:
    return _NOTHING if value is None else f"{value:.{digits}f}"


def _per_cent(share: float | None) -> str:
    return _NOTHING if share is None else f"{100 * share:.1f} %"
