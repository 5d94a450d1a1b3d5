from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.conllulex import read_conllulex
from hf_sluice.data.formats.vis import VisSentence, read_markup, read_vis
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def read(markup: str, words: str) -> list[tuple[str, tuple[int, ...]]]:
    found = read_markup(VisSentence("s-1", markup, Place("f", 7)), words.split())
    return [(expression.supersense, expression.words) for expression in found]


@pytest.mark.parametrize(
    ("markup", "words", "expected"),
    [
        ("Go|V-v.motion !|PUNCT", "Go !", [("v.motion", (0,)), ("", (1,))]),
        ("ingrown_toenail|N-n.BODY .|PUNCT", "ingrown toenail .", [("n.BODY", (0, 1)), ("", (2,))]),
        ("turned_ it|PRON _over|V.VPC.full-v.social", "turned it over", [("v.social", (0, 2)), ("", (1,))]),
        ("a_ b_c|N-n.ACT _d_e|X", "a b c d e", [("", (0, 3, 4)), ("n.ACT", (1, 2))]),
        ("a_ b_ c|X _d|Y _e|Z", "a b c d e", [("", (0, 4)), ("", (1, 3)), ("", (2,))]),  # a gap within a gap
        ("to|P-p.Recipient:p.Goal your|PRON.POSS-`$", "to your", [("p.Recipient", (0,)), ("`$", (1,))]),
        ("got|V-v.stative~ a|DET ~bill|N-n.FOOD", "got a bill", [("v.stative", (0,)), ("", (1,)), ("n.FOOD", (2,))]),
        ("see|V-v.social~the|DET", "see the", [("v.social", (0,)), ("", (1,))]),
        ("k_ t|DET~ l|ADJ _c|V", "k t l c", [("", (0, 3)), ("", (1,)), ("", (2,))]),  # a weak one crosses it
        ("a_b|X", "a_b", [("", (0,))]),  # marks may be part of a word
        ("x|y|X ~|SYM", "x|y ~", [("", (0,)), ("", (1,))]),
        ("a_ ~5|NUM _~|X", "a ~5 ~", [("", (0, 2)), ("", (1,))]),
    ],
)
def test_strong_expressions(markup: str, words: str, expected: list[tuple[str, tuple[int, ...]]]):
    assert read(markup, words) == expected


@pytest.mark.parametrize(
    ("markup", "words", "message"),
    [
        ("Go|V !|PUNCT", "Stop !", "word 1, 'Stop', is expected where 'Go|V !|PUNCT' stands"),
        ("Go|V", "Go !", "word 2, '!', is expected where '' stands"),
        ("Go|V now|ADV", "Go", "'now|ADV' is left over after the last word"),
        ("Go on|ADV", "Go on", "expression 1 should have one label, after its last word"),
        ("Go|V_on|V", "Go on", "expression 1-2 should have one label, after its last word"),
        ("Go_on", "Go on", "expression 1-2 should have one label, after its last word"),
        ("Go_", "Go", "expression 1-2 should have one label, after its last word"),
        ("go_ on|X", "go on", "the gap after word 1 is not ended"),
        ("go|X _on|X", "go on", "_ before word 2 ends a gap that was not begun"),
    ],
)
def test_what_does_not_fit_is_an_error(markup: str, words: str, message: str):
    with pytest.raises(DataError, match=f"^{re.escape(f'f:7: {message}')}$"):
        read(markup, words)


def test_lines(tmp_path: Path):
    path = tmp_path / "a.vis"
    path.write_text("s-1\tGo|V\ns-2\tStop|V !|PUNCT\n", encoding="utf-8")
    assert list(read_vis(path)) == [
        VisSentence("s-1", "Go|V", Place(str(path), 1)),
        VisSentence("s-2", "Stop|V !|PUNCT", Place(str(path), 2)),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("s-1\tGo|V\ns-2 Go|V\n", ":2: a sentence id, a tab and a sentence with markup are expected"),
        ("s-1\tGo|V\n\n", ":2: a sentence id, a tab"),
        ("s-1\tGo|V\ns-1\tGo|V\n", ":2: sentence 's-1' stands here for the second time"),
        ("", ": the file is empty; sentences with markup are expected"),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, text: str, message: str):
    path = tmp_path / "a.vis"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}{message}")):
        list(read_vis(path))


@pytest.mark.real_data
@pytest.mark.parametrize("file", ["dev", "test"])
def test_published_markup_says_what_the_columns_say(data_root: Path, file: str):
    folder = data_root / "streusle"
    columns = {s.read.sent_id: s for s in read_conllulex(folder / f"streusle.ud_{file}.conllulex.xz")}
    for marked in read_vis(folder / f"streusle.ud_{file}.vis.xz"):
        sentence = columns.pop(marked.sent_id)
        assert read_markup(marked, [word.form for word in sentence.read.words]) == sentence.expressions
    assert not columns
