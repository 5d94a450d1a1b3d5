"""SemCor 3.0, the part of the Brown Corpus whose words have WordNet senses: supersenses of nouns and verbs.

A multiword unit is one span over its words. How senses become supersenses, and names too, is said in
``semcor_supersenses``; the part of the release that has verbs only is not read. Domains are Brown's 15 genres.

The release has no split. It is split by documents within each genre, see ``document_split``; editorials and science
fiction, of two documents each, are split within these.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.document_split import SPLITS, split_genre
from hf_sluice.data.corpora.selection import choose_tasks, span_task
from hf_sluice.data.corpora.semcor_supersenses import supersense
from hf_sluice.data.formats.semcor import read_semcor
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.spans import Span, iob2_labels
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.formats.semcor import SemcorSentence

TASKS = (span_task("supersense"),)
"""Supersenses of nouns (26) and verbs (15), as WordNet calls its files: ``noun.person``, ``verb.motion``."""

_ARCHIVES = ("brown1.tar.xz", "brown2.tar.xz")
_DOCUMENT = "br-"
_GENRES = {
    "a": "reportage",
    "b": "editorial",
    "c": "reviews",
    "d": "religion",
    "e": "hobbies",
    "f": "lore",
    "g": "belles_lettres",
    "h": "government",
    "j": "learned",
    "k": "general_fiction",
    "l": "mystery",
    "m": "science_fiction",
    "n": "adventure",
    "p": "romance",
    "r": "humor",
}


def load(*, tasks: Sequence[str] | None = None, root: Path) -> TaggingCorpus:
    """Loads the corpus from the folder ``semcor``: ``brown1.tar.xz`` and ``brown2.tar.xz``.

    The label set is that of all splits.

    Args:
        tasks: ``supersense``, which is also the default.
        root: the folder that holds ``semcor``.

    Raises:
        UserError: an unknown task; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "semcor")
    everything = [
        pair for genre, documents in _genres(root / "semcor").items() for pair in split_genre(genre, documents)
    ]
    splits = {name: [sentence for split, sentence in everything if split == name] for name in SPLITS}
    read = [sentence for _, sentence in everything]
    return assemble(splits, with_label_sets(chosen, read), _notes(read))


def _genres(folder: Path) -> Mapping[str, Mapping[str, list[Sentence]]]:
    """Per genre the sentences of its documents, by their names."""
    genres: dict[str, dict[str, list[Sentence]]] = defaultdict(lambda: defaultdict(list))
    for archive in _ARCHIVES:
        for read in read_semcor(folder / archive):
            genre = _genre(read)
            genres[genre][read.document].append(_sentence(read, genre))
    return genres


def _genre(read: SemcorSentence) -> str:
    letter = read.document.removeprefix(_DOCUMENT)[:1]
    if not read.document.startswith(_DOCUMENT) or letter not in _GENRES:
        raise DataError(read.place.path, None, f"document {read.document!r} is none of the Brown Corpus (br-a01, …)")
    return _GENRES[letter]


def _sentence(read: SemcorSentence, genre: str) -> Sentence:
    tokens: list[str] = []
    spans: list[Span] = []
    unknown: set[int] = set()
    for unit in read.units:
        start = len(tokens)
        tokens += unit.words
        found = supersense(unit, read.place.path)
        if found is None:
            unknown.update(range(start, len(tokens)))
        elif found:
            spans.append(Span(found, start, len(tokens)))
    labels = iob2_labels(spans, len(tokens))
    return Sentence(
        tokens=tokens,
        layers={"supersense": [None if i in unknown else label for i, label in enumerate(labels)]},
        sent_id=f"{read.document}-{read.number}",
        domain=genre,
        place=read.place,
    )


def _notes(read: Sequence[Sentence]) -> Iterator[str]:
    masked = sum(label is None for sentence in read for label in sentence.layers["supersense"] or ())
    if masked:
        yield f"supersense: {masked:,} words in names of the kind 'other' have none that is known and are masked"
