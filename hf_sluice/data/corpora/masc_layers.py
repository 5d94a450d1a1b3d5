"""The layers of a MASC document as labels, one list per sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from hf_sluice.data.chunks import chunk_labels
from hf_sluice.data.corpora.masc_alignment import align
from hf_sluice.data.corpora.masc_archives import TREEBANK_LAYERS
from hf_sluice.data.corpora.masc_projection import project_chunks, project_roles, project_tags
from hf_sluice.data.corpora.masc_propbank import document_roles
from hf_sluice.data.corpora.masc_spans import disjoint, read_spans, span_labels
from hf_sluice.data.corpora.masc_treebank import read_trees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.corpora.masc_alignment import Alignment
    from hf_sluice.data.corpora.masc_archives import Document
    from hf_sluice.data.corpora.masc_tokens import Token
    from hf_sluice.data.formats.propbank import Skeleton
    from hf_sluice.data.spans import Span

    Labels = list[str | None]

_Value = TypeVar("_Value")

TREEBANK_TASKS = frozenset({"gold_pos", "tree_chunk", "srl"})

_SPAN_LAYERS = {
    "chunk": {"nc": {"nchunk": "NP"}, "vc": {"vchunk": "VP"}},
    "ner": {"ne": {name: name for name in ("person", "location", "org", "date")}},
}


def needed_layers(tasks: frozenset[str]) -> frozenset[str]:
    """The layers that the tasks are made of, besides those that are always read."""
    spans = (layer for task in tasks & set(_SPAN_LAYERS) for layer in _SPAN_LAYERS[task])
    return frozenset((*spans, *(TREEBANK_LAYERS if tasks & TREEBANK_TASKS else ())))


class Layers:
    """Makes the layers of some tasks.

    Args:
        tasks: their names.
        propbank: the sentences of PropBank by document.
        faults: per task what was counted; see the functions that count.
    """

    def __init__(
        self, tasks: frozenset[str], propbank: Mapping[str, Sequence[Skeleton]], faults: Mapping[str, Counter[str]]
    ) -> None:
        self._tasks = tasks
        self._propbank = propbank
        self._faults = faults

    def of(
        self, document: Document, tokens: Sequence[Token], sentences: Sequence[Span]
    ) -> dict[str, list[Labels | None]]:
        """Per task the labels of each sentence, None where a sentence has none."""
        layers = {task: self._spans(task, document, tokens, sentences) for task in self._tasks & set(_SPAN_LAYERS)}
        if "pos" in self._tasks:
            layers["pos"] = _cut([token.tag for token in tokens], sentences)
        asked = self._tasks & TREEBANK_TASKS
        if asked:
            has_trees = "ptb" in document.layers
            layers |= self._treebank(asked, document, tokens, sentences) if has_trees else {}
        return {task: [_or_none(labels) for labels in layers.get(task, [[]] * len(sentences))] for task in self._tasks}

    def _spans(self, task: str, document: Document, tokens: Sequence[Token], sentences: Sequence[Span]) -> list[Labels]:
        faults, words = self._faults[task], document.layers["penn"]
        spans = [
            span
            for layer, names in _SPAN_LAYERS[task].items()
            for span in read_spans(document.layers[layer], words, tokens, names, faults)
        ]
        return span_labels(disjoint(spans, faults), sentences, faults)

    def _treebank(
        self, tasks: frozenset[str], document: Document, tokens: Sequence[Token], sentences: Sequence[Span]
    ) -> dict[str, list[Labels]]:
        trees = read_trees(document)
        counted: Counter[str] = Counter()
        alignment = align(trees, document, tokens, counted)
        for task in tasks:
            self._faults[task].update(counted)
        layers = {}
        if "gold_pos" in tasks:
            tags = [tag for tree in trees for tag in tree.tags()]
            layers["gold_pos"] = _cut(project_tags(tags, alignment, tokens), sentences)
        if "tree_chunk" in tasks:
            layers["tree_chunk"] = self._tree_chunks(trees, alignment, sentences)
        if "srl" in tasks:
            roles = self._roles(trees, document)
            layers["srl"] = _cut(project_roles(roles, alignment, tokens), sentences)
        return layers

    def _tree_chunks(self, trees: Sequence[Tree], alignment: Alignment, sentences: Sequence[Span]) -> list[Labels]:
        faults = self._faults["tree_chunk"]
        chunks, masked = project_chunks([label for tree in trees for label in chunk_labels(tree)], alignment)
        faults["word with parts of chunks"] += len(masked)
        labels = span_labels(chunks, sentences, faults)
        is_known = _cut([bool(p) and i not in masked for i, p in enumerate(alignment.pieces)], sentences)
        return [
            [label if known else None for label, known in zip(*both, strict=True)]
            for both in zip(labels, is_known, strict=True)
        ]

    def _roles(self, trees: Sequence[Tree], document: Document) -> list[str | None]:
        by_tree = document_roles(trees, self._propbank.get(document.name, ()), self._faults["srl"])
        roles: list[str | None] = []
        for tree, known in zip(trees, by_tree, strict=True):
            roles.extend(known or [None] * len(tree.leaves()))
        return roles


def _cut(labels: Sequence[_Value], sentences: Sequence[Span]) -> list[list[_Value]]:
    return [list(labels[sentence.start : sentence.end]) for sentence in sentences]


def _or_none(labels: Labels) -> Labels | None:
    return None if all(label is None for label in labels) else labels
