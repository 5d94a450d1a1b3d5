from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.expressions import Expression
from hf_sluice.data.formats.conllulex import read_conllulex
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

ROWS = (
    ("1", "turned", "1:1", "v.social"),
    ("2", "Blue", "2:1", "n.GROUP"),
    ("3", "Cross", "2:2", "_"),
    ("3.1", "it", "_", "_"),  # an empty node
    ("4", "over", "1:2", "_"),
    ("5", "to", "_", "p.Recipient"),
    ("6", "me", "_", "_"),
)


def line(number: str, form: str, group: str, supersense: str) -> str:
    head = "_" if "." in number else "0"
    cells = (number, form, *["_"] * 4, head, *["_"] * 3, group, "X", form, supersense, *["_"] * 5)
    return "\t".join(cells)


TEXT = "\n".join(("# newdoc id = d", "# sent_id = d-1", *(line(*row) for row in ROWS), "", "# sent_id = d-2",
                  line("1", "Go", "_", "v.motion"), ""))  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.conllulex"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_words_and_strong_expressions(path: Path):
    first, second = read_conllulex(path)

    assert (first.read.sent_id, first.read.document["newdoc id"]) == ("d-1", "d")
    assert [word.form for word in first.read.words] == ["turned", "Blue", "Cross", "over", "to", "me"]
    assert first.expressions == [
        Expression((0, 3), "v.social"),
        Expression((1, 2), "n.GROUP"),
        Expression((4,), "p.Recipient"),
        Expression((5,), ""),
    ]
    assert second.expressions == [Expression((0,), "v.motion")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\tturned\tv.social", "\tturned", ":3: ragged line: 18 columns, separated by tabs, not 19"),
        ("2:2", "2:3", ":5: SMWE '2:3', where 2:2 is expected"),
        ("1:1", "1", ":3: SMWE '1', where 1:1 is expected"),
        ("4\tover", "5\tover", ":7: ID '5' is out of sequence; the next word is 4"),
    ],
)
def test_what_is_malformed_is_named(path: Path, old: str, new: str, message: str):
    assert TEXT.count(old) == 1
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}{message}")):
        list(read_conllulex(path))


@pytest.mark.real_data
@pytest.mark.parametrize(("file", "sentences", "words"), [("dev", 554, 5_396), ("test", 535, 5_381)])
def test_published_files_have_the_documented_words(data_root: Path, file: str, sentences: int, words: int):
    read = list(read_conllulex(data_root / "streusle" / f"streusle.ud_{file}.conllulex.xz"))
    assert len(read) == sentences
    assert sum(len(sentence.read.words) for sentence in read) == words
    assert all(
        sorted(i for expression in sentence.expressions for i in expression.words)
        == list(range(len(sentence.read.words)))
        for sentence in read
    )
