from __future__ import annotations

import re

import pytest

from hf_sluice.data.formats.conllu import ConlluSentence, ConlluWord, read_conllu
from hf_sluice.data.formats.gum_hyperlinks import read_hyperlinks
from hf_sluice.data.sentence import Place
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError


def sentence(*misc: str) -> ConlluSentence:
    words = [ConlluWord("w", "_", "X", "X", "_", 0, "dep", "_", m, line) for line, m in enumerate(misc, start=5)]
    return ConlluSentence(tuple(words), {}, {}, "s-1", Place("f", 5))


@pytest.mark.parametrize(
    ("misc", "expected"),
    [
        (("_", "SpaceAfter=No"), []),
        (("_", "XML=<ref></ref>", "_"), [Span("link", 1, 2)]),
        (('Entity=(1|XML=<ref target:::"http://a/?b=c">', "_", "XML=</ref>|Entity=1)", "_"), [Span("link", 0, 3)]),
        (("XML=<hi><ref></ref></hi>", "XML=<hi><ref>", "XML=</ref></hi>"), [Span("link", 0, 1), Span("link", 1, 3)]),
        (("XML=<date></date>", "XML=<reference></reference>", "Note=<ref></ref>"), []),
    ],
)
def test_links(misc: tuple[str, ...], expected: list[Span]):
    assert read_hyperlinks(sentence(*misc)) == expected


@pytest.mark.parametrize(
    ("misc", "message"),
    [
        (("_", "XML=</ref>"), "f:6: a hyperlink (</ref>) ends here that was not begun"),
        (("XML=<ref>", "XML=<ref></ref>"), "f:6: a hyperlink (<ref>) begins within another one"),
        (("_", "XML=<ref>", "_"), "f:6: a hyperlink (<ref>) is not ended in its sentence"),
    ],
)
def test_tags_that_do_not_match_are_an_error(misc: tuple[str, ...], message: str):
    with pytest.raises(DataError, match=re.escape(message)):
        read_hyperlinks(sentence(*misc))


@pytest.mark.real_data
def test_published_documents_have_the_documented_links(data_root):
    links = [span for s in read_conllu(data_root / "gum" / "dep.tar.xz") for span in read_hyperlinks(s)]
    assert len(links) == 1_987
    assert sum(span.end - span.start for span in links) == 4_202
