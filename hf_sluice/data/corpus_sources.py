"""Where the corpora come from: licences and citations, as the cards of data sets and models give them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from hf_sluice.data import corpus_citations as cite
from hf_sluice.data.corpus_notices import WORDNET

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARE_ALIKE = "Creative Commons Attribution-ShareAlike 4.0"
_ATTRIBUTION = "Creative Commons Attribution 4.0"


class Limit(NamedTuple):
    """What who uses a corpus should know, in one sentence; of one task, or of all."""

    text: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class CorpusSource:
    """A published corpus.

    Args:
        name: as ``load_corpus`` knows it.
        title: what its authors call it; where it is joined of several, all of them.
        url: where it, or the one of several that the words come from, is published; empty for what a program makes.
        licence: the Hub's identifier, ``other`` where it has none.
        licence_text: the licence in words, and what it demands.
        languages: ISO 639-1 codes.
        citation: BibTeX; empty where there is nothing to cite.
        notice: what the licence wants to stand on every copy, word for word; empty where it wants nothing of the kind.
        may_be_published: whether the licence lets a copy be given to anyone.
        limits: what who uses it should know.
    """

    name: str
    title: str
    url: str
    licence: str
    licence_text: str
    languages: tuple[str, ...] = ("en",)
    citation: str = ""
    notice: str = ""
    may_be_published: bool = True
    limits: tuple[Limit, ...] = ()


def source_of(corpus: str, options: Mapping[str, Any] | None = None) -> CorpusSource | None:
    """What is known of a corpus; None for mere file formats, and for ``combined``, which is made of others.

    Args:
        corpus: a name that ``load_corpus`` knows.
        options: those it is loaded with; some let texts in that are under another licence.
    """
    source = _BY_NAME.get(corpus)
    if source is None or corpus != "gum" or not (options or {}).get("uncertain_licences"):
        return source
    text = f"{source.licence_text} {_UNCERTAIN}"
    return replace(source, title=_WHOLE_GUM, licence_text=text, may_be_published=False)


_WHOLE_GUM = "GUM, the Georgetown University Multilayer corpus 11.1.0, with documents of uncertain licence"
_UNCERTAIN = "That of the genre conversation and of GUM_court_carpet is not beyond doubt."


_SOURCES = (
    CorpusSource(
        name="demo",
        title="Demo corpus of hf_sluice: sentences made by a grammar",
        url="",
        licence="apache-2.0",
        licence_text="Apache License 2.0, as the program that makes the sentences.",
        limits=(
            Limit("The sentences are made by a grammar with a small lexicon and say nothing of natural language."),
        ),
    ),
    CorpusSource(
        name="ewt",
        title="Universal Dependencies English Web Treebank 2.16, Universal NER and PropBank over it",
        url="https://github.com/UniversalDependencies/UD_English-EWT",
        licence="cc-by-sa-4.0",
        licence_text=(
            f"{_SHARE_ALIKE} for the annotations of Universal Dependencies, Universal NER and PropBank. The texts are "
            "those of the English Web Treebank: partly in the public domain, portions © 2012 Google Inc., © 2011 "
            "Yahoo! Inc., © 2012 Trustees of the University of Pennsylvania and other original authors."
        ),
        citation=f"{cite.UD_ENGLISH_EWT}\n\n{cite.UNIVERSAL_NER}\n\n{cite.PROPBANK}",
        limits=(
            Limit("Chunks are derived from the constituents of PropBank.", "chunk"),
            Limit("Roles stand on the head words of arguments, found by the heads of Universal Dependencies.", "srl"),
            Limit("A sentence whose words differ between the annotations lacks those layers, or is left out."),
            Limit(
                "Names in train are of the first revision of Universal NER, which hides one word per document.",
                "ner",
            ),
        ),
    ),
    CorpusSource(
        name="gum",
        title="GUM, the Georgetown University Multilayer corpus 11.1.0, its openly licensed documents",
        url="https://github.com/amir-zeldes/gum",
        licence="other",
        licence_text=(
            f"Annotations: {_ATTRIBUTION}. Texts: each document under its own licence (CC BY, CC BY-SA or public "
            "domain), with author and source in the corpus's list of documents; those under CC BY-SA are to be shared "
            "alike."
        ),
        citation=cite.GUM,
        limits=(
            Limit("Chunks are derived from trees that a parser made from gold tags.", "chunk"),
            Limit("Of nested entities the outermost is taken; common nouns and pronouns are entities, too.", "ner"),
            Limit("Only documents under open licences are in it."),
        ),
    ),
    CorpusSource(
        name="masc",
        title="MASC, the Manually Annotated Sub-Corpus of American English 3.0.0, and PropBank over it",
        url="http://www.anc.org/data/masc",
        licence="other",
        licence_text=(
            "Texts and annotations of MASC: free for any use, as its publishers state. Roles (task srl): those of "
            f"PropBank, {_SHARE_ALIKE}."
        ),
        citation=f"{cite.MASC}\n\n{cite.PROPBANK}",
        limits=(
            Limit(
                "The tags of pos are those of a tagger, partly validated; those of gold_pos are validated.",
                "pos",
            ),
            Limit("There is no published split; the one here is made by documents."),
        ),
    ),
    CorpusSource(
        name="streusle",
        title="STREUSLE 4.7.1, over the reviews of the Universal Dependencies English Web Treebank",
        url="https://github.com/nert-nlp/streusle",
        licence="cc-by-sa-4.0",
        licence_text=(
            f"{_SHARE_ALIKE}. The sentences are from the English Web Treebank, redistributed by the authors with "
            "permission of Google and the Linguistic Data Consortium."
        ),
        citation=f"{cite.STREUSLE}\n\n{cite.UD_ENGLISH_EWT}",
        limits=(
            Limit("Multiword expressions with a gap are left out.", "mwe"),
            Limit("All sentences are reviews."),
        ),
    ),
    CorpusSource(
        name="broad_twitter",
        title="Broad Twitter Corpus",
        url="https://github.com/GateNLP/broad_twitter_corpus",
        licence="cc-by-4.0",
        licence_text=f"{_ATTRIBUTION}.",
        citation=cite.BROAD_TWITTER,
        limits=(Limit("The sections follow different guidelines: names of users are entities in some of them."),),
    ),
    CorpusSource(
        name="wnut17",
        title="WNUT-17, emerging and rare entities",
        url="https://github.com/leondz/emerging_entities_17",
        licence="cc-by-4.0",
        licence_text=f"{_ATTRIBUTION}.",
        citation=cite.WNUT17,
        limits=(Limit("Training, development and test sentences come from different media on purpose."),),
    ),
    CorpusSource(
        name="semcor",
        title="SemCor 3.0 (brown1 and brown2)",
        url="https://github.com/marcverhagen/semcor",
        licence="other",
        licence_text=(
            "WordNet licence of Princeton University: use, copying, modification and distribution for any purpose and "
            "without fee, where its notice is kept on all copies. WordNet 1.6 Copyright 1997 by Princeton University. "
            "All rights reserved."
        ),
        citation=cite.SEMCOR,
        notice=WORDNET,
        limits=(
            Limit("The texts were printed in 1961."),
            Limit("There is no published split; the one here is made by documents."),
        ),
    ),
    CorpusSource(
        name="ontonotes",
        title="OntoNotes Release 5.0 (LDC2013T19)",
        url="https://catalog.ldc.upenn.edu/LDC2013T19",
        licence="other",
        licence_text=(
            "Licence agreement of the Linguistic Data Consortium: the corpus may be used by who has the licence, and "
            "may not be given to others."
        ),
        citation=cite.ONTONOTES,
        may_be_published=False,
        limits=(
            Limit("Chunks are derived from the parse trees.", "chunk"),
            Limit("Roles stand on head words found by percolation rules.", "srl"),
        ),
    ),
)

_BY_NAME = {source.name: source for source in _SOURCES}
