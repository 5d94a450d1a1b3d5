"""PropBank over the Penn Treebank documents of MASC: roles on the head words of arguments.

Its sentences are those of the Treebank in the same order, with words blanked, and with words that stand for markup
(tagged ``CODE`` and, at the ends of utterances, ``SU``). Both have the same tags, by which they are matched.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from hf_sluice.data.formats.propbank import read_skeletons
from hf_sluice.data.head_rules import dependency_heads
from hf_sluice.data.spans import Span
from hf_sluice.data.srl import Predicate, srl_labels

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.constituents import Tree
    from hf_sluice.data.formats.propbank import Skeleton
    from hf_sluice.errors import DataError

_Key = tuple[str, ...]

_SUFFIX = ".gold_skel"
_NO_WORDS = frozenset({"CODE", "SU"})
_FULL_STOP = "."
_SURELY_THE_SAME = 0.9


def read_propbank(archive: Path, faults: Counter[str]) -> dict[str, list[Skeleton]]:
    """The sentences of each document.

    Args:
        archive: ``masc-gold_skel.tar.xz``.
        faults: counts ``faulty skeleton`` (left out).

    Raises:
        DataError: the archive is not there or damaged.
    """
    faulty: list[DataError] = []
    documents: dict[str, list[Skeleton]] = {}
    for skeleton in read_skeletons(archive, _SUFFIX, faulty=faulty):
        name = skeleton.place.path.rpartition("/")[2].removesuffix(_SUFFIX)
        documents.setdefault(name, []).append(skeleton)
    faults["faulty skeleton"] += len(faulty)
    return documents


def document_roles(
    trees: Sequence[Tree], skeletons: Sequence[Skeleton], faults: Counter[str]
) -> list[list[str] | None]:
    """The roles of the words of each tree; None for a tree without a match.

    Args:
        trees: those of a document.
        skeletons: the sentences of PropBank for it.
        faults: counts ``tree without roles`` and ``document unlike propbank`` (fewer than nine tenths of its trees
            match: no role is taken over).
    """
    kept = [(skeleton, _words(skeleton)) for skeleton in skeletons]
    kept = [(skeleton, words) for skeleton, words in kept if words]
    tree_keys = [_key(tree.tags()) for tree in trees]
    skeleton_keys = [_key([skeleton.tags[word] for word in words]) for skeleton, words in kept]
    roles: list[list[str] | None] = [None] * len(trees)
    for i, j in _matches(tree_keys, skeleton_keys):
        heads = dependency_heads(trees[i])
        roles[i] = srl_labels(_predicates(*kept[j], len(heads)), heads)
    missing = roles.count(None)
    if skeletons and missing > (1 - _SURELY_THE_SAME) * len(trees):
        faults["document unlike propbank"] += 1
        return [None] * len(trees)
    faults["tree without roles"] += missing
    return roles


def _words(skeleton: Skeleton) -> list[int]:
    return [i for i, tag in enumerate(skeleton.tags) if tag not in _NO_WORDS]


def _key(tags: Sequence[str]) -> _Key:
    """A full stop at the end, which one document has in PropBank alone, makes no difference."""
    return tuple(tags[:-1] if len(tags) > 1 and tags[-1] == _FULL_STOP else tags)


def _matches(trees: Sequence[_Key], skeletons: Sequence[_Key]) -> Iterator[tuple[int, int]]:
    """The trees and sentences with the same tags: at the same place where there are as many of both, else in order."""
    if len(trees) == len(skeletons):
        yield from ((i, i) for i, (tree, skeleton) in enumerate(zip(trees, skeletons, strict=True)) if tree == skeleton)
        return
    for block in SequenceMatcher(None, trees, skeletons, autojunk=False).get_matching_blocks():
        yield from ((block.a + i, block.b + i) for i in range(block.size))


def _predicates(skeleton: Skeleton, words: Sequence[int], length: int) -> list[Predicate]:
    """The predicates with their places counted in the words alone."""
    place = {word: i for i, word in enumerate(words[:length])}
    return [
        Predicate(place[p.index], p.lemma, p.roleset, tuple(_spans(p.spans, place)))
        for p in skeleton.predicates
        if p.index in place
    ]


def _spans(spans: Sequence[Span], place: Mapping[int, int]) -> list[Span]:
    held = ((span, [place[word] for word in range(span.start, span.end) if word in place]) for span in spans)
    return [Span(span.label, words[0], words[-1] + 1) for span, words in held if words]
