from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.semcor import read_semcor
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """<contextfile concordance=brown>
<context filename=br-a01 paras=yes>
<p pnum=1>
<s snum=1>
<wf cmd=done rdf=group pos=NNP lemma=group wnsn=1 lexsn=1:03:00:: pn=group>Grand_Jury</wf>
<wf cmd=done rdf= pos=VB lemma=take wnsn=1;2 lexsn=2:30:00::;2:36:01::>took</wf>
<punc>&</punc>
</s>
</p>
<s snum=7>
<wf cmd=ignore pos=DT>The</wf>
</s>
</context>
</contextfile>

"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "br-a01"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_units_with_their_senses(path: Path):
    first, second = read_semcor(path)

    assert (first.document, first.number, first.place.path, first.place.line) == ("br-a01", 1, str(path), 5)
    assert [unit.words for unit in first.units] == [("Grand", "Jury"), ("took",), ("&",)]
    assert [unit.senses for unit in first.units] == [("1:03:00::",), ("2:30:00::", "2:36:01::"), ()]
    assert [unit.name_kind for unit in first.units] == ["group", "", ""]
    assert [unit.line for unit in first.units] == [5, 6, 7]
    assert (second.number, second.units[0].words, second.place.line) == (7, ("The",), 11)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<punc>&</punc>", "<punc>&", ":7: '<punc>&' is no line such as <wf …>word</wf>"),
        ("<wf cmd=ignore pos=DT>The</wf>", "<wf cmd=ignore>The", ":11: '<wf cmd=ignore>The' is no line"),
        ("cmd=ignore", "ignore", ":11: 'ignore' is no attribute; name=value is expected"),
        ("<s snum=7>\n", "", ":10: words outside of a sentence; <s snum=…> is expected"),
        ("</s>\n</p>", "</p>", ":9: sentence 1 is not ended by </s> before the next"),
        ("The</wf>\n</s>", "The</wf>", ":14: sentence 7 is not ended by </s>"),
        ("<wf cmd=ignore pos=DT>The</wf>\n", "", ":11: a sentence ends here that has no words"),
        ("<s snum=7>\n<wf cmd=ignore pos=DT>The</wf>\n", "", ":10: a sentence ends here that has no words or no"),
        (FILE, "<context filename=br-a01>\n", ": no sentences; a tag file of SemCor is expected"),
    ],
)
def test_what_is_malformed_is_named(path: Path, old: str, new: str, message: str):
    assert FILE.count(old) == 1
    path.write_text(FILE.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}{message}")):
        list(read_semcor(path))


@pytest.mark.real_data
def test_published_files_have_the_documented_units(data_root: Path):
    read = [s for archive in ("brown1", "brown2") for s in read_semcor(data_root / "semcor" / f"{archive}.tar.xz")]
    units = [unit for sentence in read for unit in sentence.units]

    assert len({sentence.document for sentence in read}) == 186
    assert len(read) == 20_138
    assert sum(bool(unit.senses) for unit in units) == 192_639
    assert sum(len(unit.words) > 1 for unit in units) == 16_541
    assert sum(len(unit.senses) > 1 for unit in units) == 666
    kinds = [unit.name_kind for unit in units]
    assert [kinds.count(kind) for kind in ("person", "location", "group", "other")] == [6_598, 963, 1_180, 936]
