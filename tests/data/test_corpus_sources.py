from __future__ import annotations

import re

import pytest

from hf_sluice.data.corpus_sources import source_of
from hf_sluice.data.load import _NEEDS_ROOT, FORMATS

NAMED = sorted(set(_NEEDS_ROOT) - {*FORMATS, "combined"})
LICENCES = {"apache-2.0", "cc-by-4.0", "cc-by-sa-4.0", "other"}


@pytest.mark.parametrize("corpus", NAMED)
def test_every_corpus_has_a_source(corpus: str) -> None:
    source = source_of(corpus)
    assert source is not None
    assert source.name == corpus
    assert source.licence in LICENCES
    assert source.licence_text.endswith(".")
    assert source.languages == ("en",)
    assert corpus == "demo" or source.url.startswith("http")


@pytest.mark.parametrize("corpus", [*FORMATS, "combined", "nonsense"])
def test_what_is_no_corpus_of_its_own_has_none(corpus: str) -> None:
    assert source_of(corpus) is None


@pytest.mark.parametrize("corpus", NAMED)
def test_citations_are_bibtex(corpus: str) -> None:
    source = source_of(corpus)
    assert source is not None
    entries = [entry for entry in source.citation.split("\n\n") if entry]
    assert bool(entries) == (corpus != "demo")
    for entry in entries:
        assert re.match(r"@(inproceedings|article|misc)\{\w+\d{4}\w+,\n", entry)
        assert entry.endswith(",\n}")
        assert entry.count("{") == entry.count("}")
        assert {"title", "author", "year"} <= set(re.findall(r"^  (\w+) +=", entry, re.MULTILINE))
    assert len({entry.partition(",")[0] for entry in entries}) == len(entries)


def test_only_the_corpus_of_the_consortium_may_not_be_published() -> None:
    sources = [source_of(corpus) for corpus in NAMED]
    assert [source.name for source in sources if source and not source.may_be_published] == ["ontonotes"]


def test_texts_of_uncertain_licence_may_not_be_published_either() -> None:
    openly, everything = source_of("gum", {"named_only": True}), source_of("gum", {"uncertain_licences": True})
    assert openly == source_of("gum")
    assert everything is not None
    assert not everything.may_be_published
    assert "not beyond doubt" in everything.licence_text


@pytest.mark.real_data
def test_the_notice_of_wordnet_is_that_of_the_corpus(data_root):
    published = (data_root / "semcor" / "LICENSE.txt").read_text(encoding="utf-8")
    semcor = source_of("semcor")
    assert semcor is not None
    assert semcor.notice == "\n".join(line.rstrip() for line in published.rstrip().split("\n"))
