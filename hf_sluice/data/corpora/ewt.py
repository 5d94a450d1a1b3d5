"""The English Web Treebank with four layers on the same sentences: the open counterpart of the papers' OntoNotes.

Universal Dependencies (words, tags, splits, heads), Universal NER and PropBank (constituents, predicates) are published
apart, over the same texts. They are joined by sentence id; a layer counts only where it has the same words (NER), or,
PropBank's words being blanked, as many words. Domains are the five genres: answers, email, newsgroup, reviews, weblog.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.chunks import chunk_labels
from hf_sluice.data.corpora.locate import find_file
from hf_sluice.data.corpora.selection import Incomplete, choose_tasks, is_complete, share, span_task
from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.propbank import Skeleton, read_skeletons
from hf_sluice.data.formats.uner import read_uner
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.srl import srl_labels
from hf_sluice.errors import DataError
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.formats.conllu import ConlluSentence
    from hf_sluice.data.formats.uner import NamedSentence

TASKS = (Task("pos"), Task("upos"), span_task("chunk"), span_task("ner"), Task("srl"))
"""Penn Treebank tags, universal tags, CoNLL-2000 chunks, names (PER, LOC, ORG), roles on head words (by accuracy)."""

_SPLIT_FILES = {"train": "train", "validation": "dev", "test": "test"}
_PROPBANK_TASKS = frozenset({"chunk", "srl"})
_DOCUMENT = re.compile(r"google/ewt/(?P<genre>[a-z]+)/00/(?P<document>.+)\.xml")

# The first revision of the train file has two labels more (its README: OTH, later dropped, is to be read as O; B-O
# marks a document as seen and hides the label of the word that carries it).
_READ_AS_O = frozenset({"B-OTH", "I-OTH"})
_HIDDEN = "B-O"


def load(*, tasks: Sequence[str] | None = None, root: Path, incomplete: str = "drop") -> TaggingCorpus:
    """Loads the corpus from the folders ``ewt-ud``, ``ewt-uner`` and ``propbank``; only what the tasks need is read.

    Label sets are those of all splits, so that a rare label of the test split is no unknown one.

    Args:
        tasks: of ``pos``, ``upos``, ``chunk``, ``ner`` and ``srl``; all by default.
        root: the folder that holds these folders.
        incomplete: ``drop`` keeps only the sentences that carry every task asked for, ``keep`` keeps all, with None
            for the layers that a sentence lacks. The shares stand in the notes.

    Raises:
        UserError: an unknown task or option; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "ewt")
    incomplete = Incomplete.read(incomplete)
    reader = _Reader(root, frozenset(task.name for task in chosen))
    read = {split: list(reader.sentences(file)) for split, file in _SPLIT_FILES.items()}
    everything = [sentence for sentences in read.values() for sentence in sentences]
    complete = {split: [s for s in sentences if is_complete(s, chosen)] for split, sentences in read.items()}
    kept = complete if incomplete is Incomplete.DROP else read
    notes = _notes(everything, sum(map(len, complete.values())), chosen, incomplete)
    return assemble(kept, with_label_sets(chosen, [s for sentences in kept.values() for s in sentences]), notes)


class _Reader:
    """Joins the layers of the sentences of a split."""

    def __init__(self, root: Path, tasks: frozenset[str]) -> None:
        self._root = root
        self._tasks = tasks
        self._skeletons = _skeletons(root) if tasks & _PROPBANK_TASKS else {}

    def sentences(self, file: str) -> Iterator[Sentence]:
        """The sentences of one file (``train``, ``dev`` or ``test``), with the layers of the tasks asked for."""
        names = _names(self._root, file) if "ner" in self._tasks else {}
        for read in read_conllu(find_file(self._root / "ewt-ud", f"en_ewt-ud-{file}.conllu")):
            words = tuple(word.form for word in read.words)
            skeleton = self._skeletons.get(read.sent_id)
            if skeleton is not None and len(skeleton.tags) != len(words):
                skeleton = None
            named = names.get(read.sent_id)
            if named is not None and named.tokens != words:
                named = None
            yield Sentence(
                tokens=words,
                layers={task: _LAYERS[task](read, named, skeleton) for task in self._tasks},
                sent_id=read.sent_id,
                domain=read.sent_id.partition("-")[0],
                place=read.place,
            )


def _skeletons(root: Path) -> dict[str, Skeleton]:
    """PropBank's sentences by the ids of Universal Dependencies, which count from 1."""
    read = read_skeletons(root / "propbank" / "ewt-gold_skel.tar.xz")
    return {_sent_id(skeleton): skeleton for skeleton in read}


def _sent_id(skeleton: Skeleton) -> str:
    found = _DOCUMENT.fullmatch(skeleton.document)
    if found is None:
        raise DataError(
            skeleton.place.path,
            skeleton.place.line,
            f"document {skeleton.document!r} is none of the English Web Treebank (google/ewt/<genre>/00/<name>.xml)",
        )
    return f"{found['genre']}-{found['document']}-{skeleton.number + 1:04d}"


def _names(root: Path, file: str) -> dict[str, NamedSentence]:
    path = find_file(root / "ewt-uner", f"en_ewt-ud-{file}.iob2", f"en_ewt-ud-{file}.0c7ce0d.iob2")
    return {read.sent_id: read for read in read_uner(path)}


_Labels = list[str | None]


def _pos(read: ConlluSentence, _named: NamedSentence | None, _skeleton: Skeleton | None) -> _Labels:
    return [word.xpos for word in read.words]


def _upos(read: ConlluSentence, _named: NamedSentence | None, _skeleton: Skeleton | None) -> _Labels:
    return [word.upos for word in read.words]


def _ner(_read: ConlluSentence, named: NamedSentence | None, _skeleton: Skeleton | None) -> _Labels | None:
    if named is None:
        return None
    return [None if label == _HIDDEN else "O" if label in _READ_AS_O else label for label in named.labels]


def _chunk(_read: ConlluSentence, _named: NamedSentence | None, skeleton: Skeleton | None) -> _Labels | None:
    return None if skeleton is None else [*chunk_labels(skeleton.tree)]


def _srl(read: ConlluSentence, _named: NamedSentence | None, skeleton: Skeleton | None) -> _Labels | None:
    if skeleton is None:
        return None
    return [*srl_labels(skeleton.predicates, [word.head or 0 for word in read.words])]


_LAYERS: Mapping[str, Callable[[ConlluSentence, NamedSentence | None, Skeleton | None], _Labels | None]] = {
    "pos": _pos,
    "upos": _upos,
    "ner": _ner,
    "chunk": _chunk,
    "srl": _srl,
}


def _notes(read: Sequence[Sentence], complete: int, tasks: Sequence[Task], incomplete: Incomplete) -> Iterable[str]:
    for task in tasks:
        carrying = sum(sentence.layers[task.name] is not None for sentence in read)
        yield f"{task.name}: aligned with {share(carrying, len(read))} sentences of UD English EWT"
    fate = "left out" if incomplete is Incomplete.DROP else "kept with None for what they lack"
    yield f"{share(complete, len(read))} sentences carry all tasks asked for; the others are {fate}"
    hidden = sum(label is None for sentence in read for label in sentence.layers.get("ner") or ())
    if hidden:
        yield f"ner: {hidden} words of the first revision of the train file hide their label (B-O) and are masked"
