from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.conll2012 import read_conll2012
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
#begin document (bc/radio/00/radio_0001); part 000
bc/radio/00/radio_0001   0   0    Old    JJ   (TOP(S(NP*        -    -   -   Host   (PERSON*    (ARG0*   (ARG0*   -
bc/radio/00/radio_0001   0   1   Bill   NNP            *)       -    -   -   Host          *)       *)       *)   (0)
bc/radio/00/radio_0001   0   2   came   VBD         (VP*     come   03   1   Host          *      (V*)        *    -
bc/radio/00/radio_0001   0   3     to    TO    (S(VP*          -    -   -   Host          *   (ARG1*         *    -
bc/radio/00/radio_0001   0   4    see    VB    (VP*          see   01   -   Host          *        *       (V*)   -
bc/radio/00/radio_0001   0   5  Paris   NNP   (NP*)))))       -    -   -   Host      (GPE)        *)  (ARG1*)    (1)
bc/radio/00/radio_0001   0   6     .     .    *))              -    -   -   Host          *        *         *    -

bc/radio/00/radio_0001   0   0   Oh   UH   (TOP(INTJ*))   -   -   -   Host   *   -

#end document
#begin document (bc/radio/00/radio_0001); part 001
bc/radio/00/radio_0001   1   0   No   XX   *   -   -   -   Host   -   -
bc/radio/00/radio_0001   1   1   way   XX   *   -   -   -   Host   -   -

#end document
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "radio_0001.gold_conll"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_layers_of_a_sentence(tmp_path: Path):
    first, *_ = read_conll2012(write(tmp_path, FILE))
    assert first.tokens == ("Old", "Bill", "came", "to", "see", "Paris", ".")
    assert first.tags == ("JJ", "NNP", "VBD", "TO", "VB", "NNP", ".")
    assert first.document == "bc/radio/00/radio_0001"
    assert str(first.tree) == (
        "(TOP (S (NP (JJ Old) (NNP Bill)) (VP (VBD came) (S (VP (TO to) (VP (VB see) (NP (NNP Paris)))))) (. .)))"
    )
    assert first.names == (Span("PERSON", 0, 2), Span("GPE", 5, 6))
    come, see = first.predicates
    assert (come.index, come.lemma, come.roleset) == (2, "come", "03")
    assert come.spans == (Span("ARG0", 0, 2), Span("V", 2, 3), Span("ARG1", 3, 6))
    assert (see.index, see.spans) == (4, (Span("ARG0", 0, 2), Span("V", 4, 5), Span("ARG1", 5, 6)))
    assert first.place.line == 2


def test_sentences_are_numbered_within_their_part(tmp_path: Path):
    assert [read.sent_id for read in read_conll2012(write(tmp_path, FILE))] == [
        "bc/radio/00/radio_0001/0/0",
        "bc/radio/00/radio_0001/0/1",
        "bc/radio/00/radio_0001/1/0",
    ]


def test_layers_that_are_missing_are_none(tmp_path: Path):
    _, second, third = read_conll2012(write(tmp_path, FILE))
    assert (second.names, second.predicates) == ((), ())
    assert (third.tags, third.tree, third.names) == (None, None, None)


def test_tags_without_a_tree_stay(tmp_path: Path):
    *_, third = read_conll2012(write(tmp_path, FILE.replace("way   XX", "way   NN")))
    assert (third.tags, third.tree) == (("XX", "NN"), None)


def test_a_word_with_the_tag_xx_in_a_tree_is_tagged(tmp_path: Path):
    _, second, _ = read_conll2012(write(tmp_path, FILE.replace("Oh   UH", "Oh   XX")))
    assert second.tags == ("XX",)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("0   1   Bill", "0   2   Bill", 3, "word number '2' where 1 is expected"),
        ("bc/radio/00/radio_0001   0   1", "bn/x   0   1", 3, "document 'bn/x' in a sentence of"),
        ("(PERSON*", "*", 3, "names: a closing bracket without an opening one"),
        ("(NP*)))))", "(NP*))))", 8, "parse column: 1 brackets are not closed"),
        ("see   01", "see   -", 2, "2 columns of arguments for 1 words"),
        ("    (0)", "", 3, "13 columns, but the sentence began with 14"),
        ("   Host   *   -\n", "\n", 10, "9 columns; at least 12"),
        ("   Oh   ", "   [WORD]   ", 10, "the words are blanked"),
    ],
)
def test_malformed_files_are_named_by_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str):
    text = FILE.replace("*)   (0)", "*)    (0)")
    assert old in text
    path = write(tmp_path, text.replace(old, new, 1))
    with pytest.raises(DataError) as error:
        list(read_conll2012(path))
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert message in str(error.value)
