"""STREUSLE (Schneider and Smith 2015): multiword expressions and supersenses in reviews of the English Web Treebank.

The split is that of UD English EWT. The training sentences are read from a file with inline markup (``.vis``), which
tells words apart only for those who know them: they come from ``ewt-ud``. The only domain is ``reviews``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.locate import find_file
from hf_sluice.data.corpora.selection import choose_tasks, share, span_task
from hf_sluice.data.expressions import multiword_spans, supersense_spans
from hf_sluice.data.formats.conllu import read_conllu
from hf_sluice.data.formats.conllulex import read_conllulex
from hf_sluice.data.formats.vis import read_markup, read_vis
from hf_sluice.data.label_sets import with_label_sets
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.spans import iob2_labels
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.expressions import Expression
    from hf_sluice.data.sentence import Place

TASKS = (span_task("mwe"), span_task("supersense"))
"""Strong multiword expressions without a gap (one type, ``MWE``); supersenses of nouns and verbs (``n.GROUP``,
``v.social``), of prepositions and possessives (``p.Locus``, the role) where they are asked for."""

_LEXICAL_FILES = {"validation": "dev", "test": "test"}
_DOMAIN = "reviews"
_NOUNS_AND_VERBS = ("n.", "v.")
_PREPOSITIONS = ("p.",)
_UNDECIDED = "??"  # of a preposition whose use the annotators could not make out


class _Analysed(NamedTuple):
    """The words of a sentence and its expressions."""

    sent_id: str
    tokens: tuple[str, ...]
    expressions: list[Expression]
    place: Place


def load(*, tasks: Sequence[str] | None = None, root: Path, prepositions: bool = False) -> TaggingCorpus:
    """Loads the corpus from the folders ``streusle`` and ``ewt-ud``.

    In ``mwe`` an expression with a gap is not marked; in ``supersense`` its words before the gap are. Label sets are
    those of all splits.

    Args:
        tasks: of ``mwe`` and ``supersense``; both by default.
        root: the folder that holds these folders.
        prepositions: whether ``supersense`` has those of prepositions and possessives too; words for which the
            annotators found none (``??``) are then masked.

    Raises:
        UserError: an unknown task; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "streusle")
    analysed = {"train": list(_from_markup(root))}
    for split, file in _LEXICAL_FILES.items():
        analysed[split] = list(_from_columns(find_file(root / "streusle", f"streusle.ud_{file}.conllulex")))
    splits = {
        split: [_sentence(read, prepositions=prepositions) for read in reads] for split, reads in analysed.items()
    }
    everything = [sentence for sentences in splits.values() for sentence in sentences]
    notes = _notes([read for reads in analysed.values() for read in reads]) if TASKS[0] in chosen else ()
    return assemble(splits, with_label_sets(chosen, everything), notes)


def _from_markup(root: Path) -> Iterator[_Analysed]:
    """The training sentences, whose words are those of UD English EWT."""
    marked = list(read_vis(find_file(root / "streusle", "streusle.ud_train.vis")))
    ids = {read.sent_id for read in marked}
    words = {
        read.sent_id: tuple(word.form for word in read.words)
        for read in read_conllu(find_file(root / "ewt-ud", "en_ewt-ud-train.conllu"))
        if read.sent_id in ids
    }
    for read in marked:
        if read.sent_id not in words:
            raise DataError(read.place.path, read.place.line, f"sentence {read.sent_id!r} is not in UD English EWT")
        tokens = words[read.sent_id]
        yield _Analysed(read.sent_id, tokens, read_markup(read, tokens), read.place)


def _from_columns(path: Path) -> Iterator[_Analysed]:
    for read, expressions in read_conllulex(path):
        yield _Analysed(read.sent_id, tuple(word.form for word in read.words), expressions, read.place)


def _sentence(read: _Analysed, *, prepositions: bool) -> Sentence:
    length = len(read.tokens)
    beginnings = _NOUNS_AND_VERBS + _PREPOSITIONS * prepositions
    supersenses: list[str | None] = [*iob2_labels(supersense_spans(read.expressions, beginnings), length)]
    if prepositions:
        for expression in read.expressions:
            if expression.supersense == _UNDECIDED:
                for i in expression.words:
                    supersenses[i] = None
    return Sentence(
        tokens=read.tokens,
        layers={"mwe": iob2_labels(multiword_spans(read.expressions), length), "supersense": supersenses},
        sent_id=read.sent_id,
        domain=_DOMAIN,
        place=read.place,
    )


def _notes(reads: Sequence[_Analysed]) -> Iterator[str]:
    multiword = [e for read in reads for e in read.expressions if e.is_multiword]
    gaps = sum(expression.has_gap for expression in multiword)
    yield f"mwe: {share(gaps, len(multiword))} multiword expressions have a gap and are not marked"
