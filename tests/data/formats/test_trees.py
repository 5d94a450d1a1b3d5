from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.trees import iter_trees, read_trees
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
( (S
    (NP-SBJ (-LRB- -LRB-) (NNP Ann))
    (VP (VBZ sleeps))))
(ROOT (INTJ (UH Oh))) (TOP (NP (NN tea)))

((NP (NN a))
 (NP (NN b)))
"""


def lines(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), start=1))


def test_trees_over_several_lines_and_several_on_one():
    read = list(read_trees(lines(FILE), "trees.mrg"))
    assert [(line, str(tree)) for line, tree in read] == [
        (1, "(S (NP-SBJ (-LRB- -LRB-) (NNP Ann)) (VP (VBZ sleeps)))"),
        (4, "(ROOT (INTJ (UH Oh)))"),
        (4, "(TOP (NP (NN tea)))"),
        (6, "(TOP (NP (NN a)) (NP (NN b)))"),
    ]


def test_line_breaks_change_nothing():
    one_line = " ".join(FILE.split())
    every_word = "\n".join(FILE.split())
    trees = [tree for _, tree in read_trees(lines(FILE), "x")]
    assert [tree for _, tree in read_trees(lines(one_line), "x")] == trees
    assert [tree for _, tree in read_trees(lines(every_word), "x")] == trees


def test_a_file_is_streamed(tmp_path: Path):
    path = tmp_path / "trees.mrg"
    path.write_text(FILE + "(S broken", encoding="utf-8")
    stream = iter_trees(path)
    assert next(stream).label == "S"
    assert [next(stream).label for _ in range(3)] == ["ROOT", "TOP", "TOP"]
    with pytest.raises(DataError):
        next(stream)


def test_deep_brackets():
    depth = 20_000
    text = "(S " * depth + "(NN dog)" + ")" * depth
    ((_, tree),) = read_trees([(1, text)], "deep")
    assert tree.words() == ["dog"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("(S (NN a)\n(NP\n", 1, "lacks 2 closing brackets"),
        ("(S\n (NN a)))", 2, "without an opening"),
        ("(S (NN a))\n)", 2, "without an opening"),
        ("(S (NN a)\n (NP ))", 2, "(NP) is empty"),
        ("()", 1, "is empty"),
        ("(S\n ((NN a)))", 2, "without a label"),
        ("(S (NN a b))", 1, "follows the word"),
        ("(S (NN a (NP (NN b))))", 1, "a bracket follows the word 'a'"),
        ("(S (NN a) b)", 1, "'b' is no part of a bracket"),
        ("(S (NN a))\nb", 2, "'b' is no part of a bracket"),
        ("(NN a)", 1, "not inside a constituent"),
        ("( (NN a)", 1, "lacks 1 closing"),
    ],
)
def test_malformed_brackets_are_named_by_file_and_line(text: str, line: int, message: str):
    with pytest.raises(DataError) as error:
        list(read_trees(lines(text), "bad.mrg"))
    assert str(error.value).startswith(f"bad.mrg:{line}: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_an_empty_file_has_no_trees():
    assert list(read_trees([(1, "")], "x")) == []
