"""OntoNotes 5.0 (LDC2013T19) in CoNLL-2012 format, for who has the licence: the corpus of Ruder et al. (2019).

The domains are those of the papers: bc (broadcast conversation), bn (broadcast news), mz (magazines), nw (newswire),
pt (pivot text: the New Testament), tc (telephone conversation) and wb (web), taken from the ids of the documents.
Chunks are derived from the parse bits; head words of arguments by percolation rules, the trees having no dependencies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.chunks import chunk_labels
from hf_sluice.data.corpora.selection import Incomplete, choose_tasks, is_complete, share, span_task
from hf_sluice.data.formats.conll2012 import OntoNotesSentence, read_conll2012
from hf_sluice.data.head_rules import dependency_heads
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.spans import iob2_labels
from hf_sluice.data.srl import srl_labels
from hf_sluice.errors import DataError
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

TASKS = (Task("pos"), span_task("chunk"), span_task("ner"), Task("srl"))
"""Penn Treebank tags, CoNLL-2000 chunks, names (18 types), roles on head words (by accuracy)."""

DOMAINS = ("bc", "bn", "mz", "nw", "pt", "tc", "wb")

_SPLIT_FOLDERS = {"train": "train", "development": "validation", "dev": "validation", "test": "test"}


def load(
    *,
    tasks: Sequence[str] | None = None,
    root: Path,
    suffix: str = "gold_conll",
    language: str = "english",
    unnamed_domains: Sequence[str] = ("pt",),
    incomplete: str = "drop",
) -> TaggingCorpus:
    """Loads all files under the root whose path has a folder ``train``, ``development`` (or ``dev``) or ``test``.

    Label sets are those of all splits.

    Args:
        tasks: of ``pos``, ``chunk``, ``ner`` and ``srl``; all by default.
        root: the folder of the corpus, or one that holds it as ``ontonotes``.
        suffix: how the names of the files end.
        language: only files with a folder of this name in their path, where any has one.
        unnamed_domains: domains whose documents were not annotated for names; their column looks as if there were none.
        incomplete: ``drop`` keeps only the sentences that carry every task asked for, ``keep`` keeps all, with None
            for the layers that a sentence lacks.

    Raises:
        UserError: an unknown task or option; a DataError where files are missing or not what they should be.
    """
    chosen = choose_tasks(tasks, TASKS, "ontonotes")
    incomplete = Incomplete.read(incomplete)
    layers = {task.name: _LAYERS[task.name] for task in chosen}
    read = {
        split: [_sentence(s, layers, unnamed_domains) for path in paths for s in read_conll2012(path)]
        for split, paths in _files(root, suffix, language).items()
    }
    complete = {split: [s for s in sentences if is_complete(s, chosen)] for split, sentences in read.items()}
    kept = complete if incomplete is Incomplete.DROP else read
    count, total = (sum(map(len, splits.values())) for splits in (complete, read))
    fate = "left out" if incomplete is Incomplete.DROP else "kept with None for what they lack"
    notes = [f"{share(count, total)} sentences carry all tasks asked for; the others are {fate}"] if total else []
    return assemble(kept, with_label_sets(chosen, [s for sentences in kept.values() for s in sentences]), notes)


def _files(root: Path, suffix: str, language: str) -> dict[str, list[Path]]:
    folder = root / "ontonotes" if (root / "ontonotes").is_dir() else root
    splits: dict[str, list[Path]] = {split: [] for split in _SPLIT_FOLDERS.values()}
    paths = sorted(path for path in folder.rglob(f"*{suffix}") if path.is_file())
    by_language = [path for path in paths if language in path.relative_to(folder).parts]
    for path in by_language or paths:
        found = [_SPLIT_FOLDERS[part] for part in path.relative_to(folder).parts if part in _SPLIT_FOLDERS]
        if found:
            splits[found[0]].append(path)
    for split, files in splits.items():
        if not files:
            raise DataError(folder, None, f"no files *{suffix} for split {split!r}: folders train, development, test")
    return splits


def _sentence(
    read: OntoNotesSentence, layers: Mapping[str, Callable[[OntoNotesSentence], _Labels]], unnamed: Sequence[str]
) -> Sentence:
    domain = _domain(read)
    return Sentence(
        tokens=read.tokens,
        layers={task: None if task == "ner" and domain in unnamed else labels(read) for task, labels in layers.items()},
        sent_id=read.sent_id,
        domain=domain,
        place=read.place,
    )


def _domain(read: OntoNotesSentence) -> str:
    domain = read.document.partition("/")[0]
    if domain not in DOMAINS:
        raise DataError(
            read.place.path,
            read.place.line,
            f"document {read.document!r} does not begin with a domain ({', '.join(DOMAINS)})",
        )
    return domain


_Labels = list[str | None] | None


def _pos(read: OntoNotesSentence) -> _Labels:
    return None if read.tags is None else [*read.tags]


def _chunk(read: OntoNotesSentence) -> _Labels:
    return None if read.tree is None else [*chunk_labels(read.tree)]


def _ner(read: OntoNotesSentence) -> _Labels:
    return None if read.names is None else [*iob2_labels(read.names, len(read.tokens))]


def _srl(read: OntoNotesSentence) -> _Labels:
    return None if read.tree is None else [*srl_labels(read.predicates, dependency_heads(read.tree))]


_LAYERS: Mapping[str, Callable[[OntoNotesSentence], _Labels]] = {
    "pos": _pos,
    "chunk": _chunk,
    "ner": _ner,
    "srl": _srl,
}
