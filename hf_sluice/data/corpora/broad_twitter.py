"""The Broad Twitter Corpus (Derczynski, Bontcheva and Roberts 2016): names of persons, places, organisations in tweets.

Domains are the six sections, of which each has its time, place and kind of author: a and b (United Kingdom, 2012), e
(the crash of flight MH17, 2014), f (well-known accounts, 2009 to 2014), g (news, 2011 to 2014) and h (outside the
United Kingdom, 2014). The split is the published one: f is for testing, the second half of h for validation.

Labels are as annotated: before the name of an account stands ``@`` as a word of its own, and the sections differ in
whether it is no name, or a second one. The licence is CC BY 4.0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.locate import find_file
from hf_sluice.data.corpora.selection import choose_tasks, span_task
from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_columns
from hf_sluice.data.label_sets import with_label_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.data.sentence import Sentence

TASKS = (span_task("ner"),)
"""Names (PER, LOC, ORG)."""

_ONLY_TRAIN = ("a", "b", "e", "g")
_SECTIONS = (*_ONLY_TRAIN, "f", "h")
_LOST = "\N{REPLACEMENT CHARACTER}"  # in place of a word where a row has none


def load(*, tasks: Sequence[str] | None = None, root: Path) -> TaggingCorpus:
    """Loads the corpus from the folder ``broad-twitter``, the files ``a.conll`` to ``h.conll``.

    The label set is that of all splits.

    Args:
        tasks: ``ner``, which is also the default.
        root: the folder that holds ``broad-twitter``.

    Raises:
        UserError: an unknown task; a DataError where a file is missing or not what it should be.
    """
    chosen = choose_tasks(tasks, TASKS, "broad_twitter")
    sections = {name: list(_sentences(root / "broad-twitter", name)) for name in _SECTIONS}
    half = len(sections["h"]) // 2
    train = [sentence for name in _ONLY_TRAIN for sentence in sections[name]] + sections["h"][:half]
    splits = {"train": train, "validation": sections["h"][half:], "test": sections["f"]}
    everything = [sentence for sentences in sections.values() for sentence in sentences]
    return assemble(splits, with_label_sets(chosen, everything), _notes(everything))


def _sentences(folder: Path, section: str) -> Iterator[Sentence]:
    form = ColumnFormat(
        columns=("token", "ner"),
        layers={"ner": "ner"},
        separator=Separator.TAB,
        document_start=None,
        empty_word=_LOST,
    )
    for number, read in enumerate(read_columns(find_file(folder, f"{section}.conll"), form), start=1):
        yield replace(read, sent_id=f"{section}-{number:04d}", domain=section)


def _notes(read: Sequence[Sentence]) -> Iterator[str]:
    lost = sum(list(sentence.tokens).count(_LOST) for sentence in read)
    if lost:
        yield f"{lost} rows of the files have no word; {_LOST} (U+FFFD) stands in its place"
