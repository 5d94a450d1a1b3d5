"""The card of a corpus: what it holds, where it comes from, how it is loaded and trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from hf_sluice.data.statistics import describe
from hf_sluice.hub.cards.data_section import source_lines
from hf_sluice.hub.cards.markdown import Markdown, fenced, folded, listed, table, written
from hf_sluice.hub.cards.page import render
from hf_sluice.hub.dataset_metadata import dataset_metadata
from hf_sluice.hub.dataset_tables import columns_table, labels_table, sizes_table, tasks_table
from hf_sluice.hub.harmless_text import in_markdown
from hf_sluice.tasks import TaskKind
from hf_sluice.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.statistics import CorpusStatistics, GroupStatistics
    from hf_sluice.hub.cards.sources import Sources
    from hf_sluice.hub.corpus_origin import CorpusOrigin

TEMPLATE = Path(__file__).with_name("dataset_card_template.md")
_UNTITLED = "A corpus for sequence tagging"
_LANGUAGES = {"en": "English"}
_FEW = 100


def dataset_card(corpus: TaggingCorpus, origin: CorpusOrigin, folder: Path, place: str, *, is_published: bool) -> str:
    """The whole of the file.

    Args:
        corpus: the corpus.
        origin: where it comes from.
        folder: holds the files of its splits.
        place: the name by which it is loaded.
        is_published: whether this is one of the Hub, and not that of a folder.
    """
    statistics = describe(corpus)
    title = origin.sources.title or _UNTITLED
    tasks = corpus.tasks
    values = {
        "metadata": Markdown(dataset_metadata(corpus, origin.sources, title, folder).to_yaml().strip()),
        "title": title,
        "summary": _summary(statistics, origin),
        "place": place,
        "is_published": is_published,
        "recipe": _recipe(corpus, place),
        "columns": table(columns_table(tasks)),
        "tasks": table(tasks_table(tasks)),
        "labels": [_folded_labels(statistics, number) for number in range(len(tasks))],
        "sizes": table(sizes_table(statistics)),
        "sources": list(_source_lines(origin.sources)),
        "version": __version__,
        "settings": fenced(yaml.safe_dump(origin.settings, sort_keys=False, allow_unicode=True), "yaml"),
        "notes": corpus.notes,
        "limits": list(_limits(statistics, origin)),
        "notices": [fenced(source.notice, "text") for source in origin.sources.corpora if source.notice],
        "citations": [fenced(source.citation, "bibtex") for source in origin.sources.corpora if source.citation],
    }
    return render(values, TEMPLATE)


def _summary(statistics: CorpusStatistics, origin: CorpusOrigin) -> Markdown:
    names = [task.name for task in statistics.tasks]
    sentences = sum(group.sentences for group in statistics.groups if group.domain is None)
    domains = list(dict.fromkeys(group.domain for group in statistics.groups if group.domain and group.sentences))
    languages = [_LANGUAGES.get(code, code) for code in origin.sources.languages]
    return written(
        "{sentences} {languages}sentences, each word labelled for {tasks}{domains}.",
        sentences=f"{sentences:,}",
        languages=Markdown(f"{listed(languages)} " if languages else ""),
        tasks=listed(names) if len(names) == 1 else written("{n} tasks: {names}", n=len(names), names=listed(names)),
        domains=Markdown(f"; {len(domains)} domains: {listed(domains)}" if len(domains) > 1 else ""),
    )


def _source_lines(sources: Sources) -> Iterator[Markdown]:
    yield from source_lines(replace(sources, unknown=()))
    if sources.unknown:
        formats = listed(sources.unknown)
        yield written("Files that were read as {formats}. Their licence is not on record.", formats=formats)


def _recipe(corpus: TaggingCorpus, place: str) -> Markdown:
    values = {
        "data": {"corpus": "datasets", "options": {"path": place}},
        "tasks": [task.name for task in corpus.tasks],
    }
    return fenced(yaml.safe_dump(values, sort_keys=False, allow_unicode=True), "yaml")


def _folded_labels(statistics: CorpusStatistics, number: int) -> Markdown:
    task = statistics.tasks[number]
    what = "numbers" if task.kind is TaskKind.REGRESSION else "labels and how often they stand in each split"
    return folded(f"{task.name}: {what}", table(labels_table(statistics, number)))


def _limits(statistics: CorpusStatistics, origin: CorpusOrigin) -> Iterator[Markdown]:
    """What who trains on it should know, one sentence each."""
    names = [task.name for task in statistics.tasks]
    for source in origin.sources.corpora:
        yield from (Markdown(limit.text) for limit in source.limits if limit.task in {None, *names})
    groups = {group.split: group for group in statistics.groups if group.domain is None}
    if "train" in groups:
        for split in ("validation", "test"):
            if split in groups:
                yield from _unseen_labels(statistics, groups["train"], groups[split], split)
    small = [g for g in statistics.groups if g.split == "test" and g.domain is not None and 0 < g.sentences < _FEW]
    if small:
        yield written(
            "Of {domains} there are fewer than {n} test sentences: scores on them are rough.",
            domains=listed([group.domain for group in small]), n=_FEW,
        )  # fmt: skip
    yield Markdown("Labels are those of the sources, their mistakes included.")


def _unseen_labels(
    statistics: CorpusStatistics, train: GroupStatistics, other: GroupStatistics, split: str
) -> Iterator[Markdown]:
    """Labels that training cannot teach."""
    for task, seen, met in zip(statistics.tasks, train.layers, other.layers, strict=True):
        unseen: Sequence[str] = [label for label, count in met.labels.items() if count and not seen.labels[label]]
        if unseen:
            yield written(
                "Labels of {task} that occur in {split} and never in train: {labels}.",
                task=task.name, split=split,
                labels=Markdown(" · ".join(map(in_markdown, unseen))),
            )  # fmt: skip
