"""MASC, the Manually Annotated Sub-Corpus of American English (release 3.0.0): 19 genres, read from its archives.

All genres have tags, noun and verb chunks and names; some documents of 12 genres have Penn Treebank trees, hence
validated tags and CoNLL-2000 chunks, and PropBank. All tasks are over the same words, those of the layer ``penn``,
because chunks and names refer to them and all documents have them. Domains are the genres.

What is in no sentence (speaker names, headings of mails, quoted mail) is left out. How words, sentences and labels are
made of the layers, and what is masked, is said in the modules ``masc_*``; what was met is counted in the notes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.document_split import SPLITS, split_genre
from hf_sluice.data.corpora.masc_archives import read_documents
from hf_sluice.data.corpora.masc_layers import Layers, needed_layers
from hf_sluice.data.corpora.masc_notes import notes
from hf_sluice.data.corpora.masc_propbank import read_propbank
from hf_sluice.data.corpora.masc_tokens import read_sentences, read_tokens
from hf_sluice.data.corpora.selection import Incomplete, choose_tasks, is_complete, span_task
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Place, Sentence
from hf_sluice.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hf_sluice.data.corpora.masc_archives import Document
    from hf_sluice.data.corpus import TaggingCorpus

TASKS = (
    Task("pos"),
    span_task("chunk"),
    span_task("ner"),
    Task("gold_pos"),
    span_task("tree_chunk"),
    Task("srl"),
)
"""Tags of a tagger, NP and VP chunks, names (person, location, org, date); for the Penn Treebank's documents its
validated tags, CoNLL-2000 chunks of its trees, and roles on head words (by accuracy)."""


def load(*, tasks: Sequence[str] | None = None, root: Path, incomplete: str = "keep") -> TaggingCorpus:
    """Loads the corpus from the folder ``masc`` and, for roles, ``propbank``; only what the tasks need is parsed.

    The split (see ``document_split``) is the same whatever the tasks. Label sets are those of all splits.

    Args:
        tasks: of ``pos``, ``chunk``, ``ner``, ``gold_pos``, ``tree_chunk`` and ``srl``; all by default.
        root: the folder that holds ``masc``.
        incomplete: ``keep`` keeps all sentences, with None for the layers that a sentence lacks, ``drop`` only those
            that carry every task asked for.

    Raises:
        UserError: an unknown task or option; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "masc")
    incomplete = Incomplete.read(incomplete)
    reader = _Reader(root, frozenset(task.name for task in chosen))
    everything = [pair for genre, documents in reader.genres().items() for pair in split_genre(genre, documents)]
    kept = everything
    if incomplete is Incomplete.DROP:
        kept = [(split, sentence) for split, sentence in everything if is_complete(sentence, chosen)]
    splits = {name: [sentence for split, sentence in kept if split == name] for name in SPLITS}
    read = [sentence for _, sentence in everything]
    said = notes(read, chosen, incomplete, reader.words, reader.faults)
    return assemble(splits, with_label_sets(chosen, [sentence for _, sentence in kept]), said)


class _Reader:
    """Reads the sentences, document by document."""

    def __init__(self, root: Path, tasks: frozenset[str]) -> None:
        self.faults: Mapping[str, Counter[str]] = defaultdict(Counter)
        self.words = 0
        self._folder = root / "masc"
        self._needed = needed_layers(tasks)
        propbank = {}
        if "srl" in tasks:
            propbank = read_propbank(root / "propbank" / "masc-gold_skel.tar.xz", self.faults["srl"])
        self._layers = Layers(tasks, propbank, self.faults)

    def genres(self) -> dict[str, dict[str, list[Sentence]]]:
        """Per genre the sentences of its documents, by their names."""
        genres: dict[str, dict[str, list[Sentence]]] = {}
        for document in read_documents(self._folder, self._needed):
            genres.setdefault(document.genre, {})[document.name] = self._sentences(document)
        return genres

    def _sentences(self, document: Document) -> list[Sentence]:
        faults = self.faults[""]
        tokens = read_tokens(document, faults)
        self.words += len(tokens)
        spans = read_sentences(document, tokens, faults)
        layers = self._layers.of(document, tokens, spans)
        return [
            Sentence(
                tokens=[token.form for token in tokens[span.start : span.end]],
                layers={task: labels[i] for task, labels in layers.items()},
                sent_id=f"{document.genre}-{document.name}-{i + 1:04d}",
                domain=document.genre,
                place=Place(document.path),
            )
            for i, span in enumerate(spans)
        ]
