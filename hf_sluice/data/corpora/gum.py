"""GUM, the Georgetown University Multilayer corpus: tags, entities, chunks and hyperlinks in ten genres.

Its constituent trees are parser output from gold tags, so ``chunk`` is silver data. Entities are of ten types, common
nouns and pronouns included; the outermost of nested ones are taken. Hyperlinks are those of the web pages that the
texts come from, in academic texts mostly the numbers of notes; conversations, court transcripts and vlogs have none.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.assemble import assemble
from hf_sluice.data.chunks import chunk_labels
from hf_sluice.data.corpora.selection import choose_tasks, share, span_task
from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.gum_entities import read_entities
from hf_sluice.data.formats.gum_hyperlinks import read_hyperlinks
from hf_sluice.data.formats.trees import read_trees
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.reading import iter_lines, iter_members
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.spans import iob2_labels, outermost
from hf_sluice.errors import DataError
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.formats.conllu import ConlluSentence

TASKS = (Task("pos"), Task("upos"), span_task("chunk"), span_task("ner"), span_task("hyperlinks"))
"""Penn Treebank tags, universal tags, CoNLL-2000 chunks, entities, the words of hyperlinks (one type, ``link``)."""

_SPLITS = {"train": "train", "dev": "validation", "test": "test"}

# Reported to be CC BY-ND where the Santa Barbara Corpus is distributed elsewhere (README of the collection).
_UNCERTAIN_GENRES = frozenset({"conversation"})
_UNCERTAIN_DOCUMENTS = frozenset({"GUM_court_carpet"})


class _Document(NamedTuple):
    split: str
    genre: str


def load(
    *, tasks: Sequence[str] | None = None, root: Path, named_only: bool = False, uncertain_licences: bool = False
) -> TaggingCorpus:
    """Loads the corpus from the folder ``gum``: ``documents.tsv``, ``dep.tar.xz`` and, for chunks, ``const.tar.xz``.

    Label sets are those of all splits.

    Args:
        tasks: of ``pos``, ``upos``, ``chunk``, ``ner`` and ``hyperlinks``; all by default.
        root: the folder that holds ``gum``.
        named_only: of the entities only named ones: those with a Wikipedia identity and a proper noun in their span.
        uncertain_licences: whether to include the texts whose licence is not beyond doubt, the genre ``conversation``
            and the document ``GUM_court_carpet``.

    Raises:
        UserError: an unknown task; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "gum")
    folder = root / "gum"
    documents = _documents(folder / "documents.tsv")
    names = frozenset(task.name for task in chosen)
    layers = _Layers(names, _trees(folder / "const.tar.xz") if "chunk" in names else {}, named_only=named_only)
    splits: dict[str, list[Sentence]] = {split: [] for split in _SPLITS.values()}
    total = 0
    for read in read_conllu(folder / "dep.tar.xz"):
        total += 1
        name = read.document.get("newdoc id", "")
        if name not in documents:
            raise DataError(read.place.path, read.place.line, f"document {name!r} is not listed in documents.tsv")
        if uncertain_licences or not _is_uncertain(name, documents[name]):
            splits[documents[name].split].append(layers.sentence(read, name, documents[name].genre))
    kept = [sentence for sentences in splits.values() for sentence in sentences]
    return assemble(splits, with_label_sets(chosen, kept), _notes(len(kept), total, layers))


def _is_uncertain(name: str, document: _Document) -> bool:
    return document.genre in _UNCERTAIN_GENRES or name in _UNCERTAIN_DOCUMENTS


def _documents(path: Path) -> dict[str, _Document]:
    lines = list(iter_lines(path))
    documents = {}
    for (number, _), row in zip(lines[1:], csv.DictReader((line for _, line in lines), delimiter="\t"), strict=False):
        split = row.get("split")
        if split not in _SPLITS or not row.get("doc") or not row.get("genre"):
            raise DataError(path, number, f"columns doc, split (one of {', '.join(_SPLITS)}) and genre are expected")
        documents[row["doc"]] = _Document(_SPLITS[split], row["genre"])
    return documents


def _trees(path: Path) -> dict[str, list[Tree]]:
    """The trees of each document in order."""
    trees = {}
    for name, lines in iter_members(path, ".ptb"):
        document = name.rpartition("/")[2].removesuffix(".ptb")
        trees[document] = [tree for _, tree in read_trees(lines, name)]
    return trees


class _Layers:
    """Gives sentences their layers; trees are aligned by their position in the document."""

    def __init__(self, tasks: frozenset[str], trees: Mapping[str, Sequence[Tree]], *, named_only: bool) -> None:
        self._tasks = tasks
        self._trees = trees
        self._named_only = named_only
        self._positions: dict[str, int] = {}
        self.silver_chunks = "chunk" in tasks

    def sentence(self, read: ConlluSentence, document: str, genre: str) -> Sentence:
        make = {"pos": self._pos, "upos": self._upos, "ner": self._ner, "hyperlinks": self._hyperlinks}
        layers: dict[str, Iterable[str]] = {task: make[task](read) for task in self._tasks if task in make}
        if "chunk" in self._tasks:
            layers["chunk"] = self._chunk(read, document)
        return Sentence(
            tokens=[word.form for word in read.words],
            layers={task: list(labels) for task, labels in layers.items()},
            sent_id=read.sent_id,
            domain=genre,
            place=read.place,
        )

    @staticmethod
    def _pos(read: ConlluSentence) -> Iterator[str]:
        return (word.xpos for word in read.words)

    @staticmethod
    def _upos(read: ConlluSentence) -> Iterator[str]:
        return (word.upos for word in read.words)

    def _ner(self, read: ConlluSentence) -> list[str]:
        tags = [word.xpos for word in read.words]
        entities = read_entities(read)
        spans = [entity.span for entity in entities if not self._named_only or entity.is_named(tags)]
        return iob2_labels(outermost(spans), len(tags))

    @staticmethod
    def _hyperlinks(read: ConlluSentence) -> list[str]:
        return iob2_labels(read_hyperlinks(read), len(read.words))

    def _chunk(self, read: ConlluSentence, document: str) -> list[str]:
        position = self._positions.get(document, 0)
        self._positions[document] = position + 1
        trees = self._trees.get(document, ())
        labels = chunk_labels(trees[position]) if position < len(trees) else []
        if len(labels) != len(read.words):
            raise DataError(
                read.place.path,
                read.place.line,
                f"sentence {read.sent_id!r} has {len(read.words)} words, but tree {position + 1} of {document} "
                f"{len(labels) or 'is missing'}",
            )
        return labels


def _notes(kept: int, total: int, layers: _Layers) -> Iterator[str]:
    yield f"{share(kept, total)} sentences of the openly licensed documents of GUM are kept"
    if kept < total:
        yield (
            "left out: the genre conversation and GUM_court_carpet, whose licence is not beyond doubt "
            "(option uncertain_licences)"
        )
    if layers.silver_chunks:
        yield "chunk: silver data, from trees that are parser output"
