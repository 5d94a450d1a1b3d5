from __future__ import annotations

import random

import pytest

from hf_sluice.data.constituents import Tree
from hf_sluice.data.formats.span_columns import spans_of_column, tree_of_column
from hf_sluice.data.formats.trees import read_trees
from hf_sluice.data.sentence import Place
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

PLACE = Place("a.conll", 11)


def column_of_tree(tree: Tree) -> list[str]:
    """The reverse of what is tested, by way of the bracketed text."""
    text = str(tree)
    for leaf in dict.fromkeys(f"({leaf.label} {leaf.word})" for leaf in tree.leaves()):
        text = text.replace(leaf, "*")
    cells: list[str] = []
    cell = ""
    for piece in text.replace(" ", ""):
        if "*" in cell and piece != ")":
            cells.append(cell)
            cell = ""
        cell += piece
    return [*cells, cell]


def test_the_example_of_the_shared_task():
    tree = tree_of_column(["(TOP(S(NP*", "*)", "(VP*)", "*))"], ["DT", "NN", "VBZ", "."], list("abcd"), PLACE)
    assert str(tree) == "(TOP (S (NP (DT a) (NN b)) (VP (VBZ c)) (. d)))"


def random_tree(generator: random.Random, depth: int) -> Tree:
    if depth == 0:
        return Tree(generator.choice(["NN", "IN"]), word=generator.choice("abc"))
    label = generator.choice(["S", "NP"])
    children = [random_tree(generator, generator.randrange(depth)) for _ in range(generator.randint(1, 3))]
    return Tree(label, tuple(children))


def test_any_tree_comes_back_from_its_column():
    generator = random.Random(2)
    for _ in range(300):
        tree = Tree("TOP", (random_tree(generator, 5),))
        assert tree_of_column(column_of_tree(tree), tree.tags(), tree.words(), PLACE) == tree


@pytest.mark.parametrize(
    ("cells", "line", "message"),
    [
        (["(S*", "*"], 12, "not closed"),
        (["(S*)", "*"], 12, "outside all brackets"),
        (["(S*", "*))"], 12, "without an opening"),
        (["(S*)", "(S*)"], 12, "after the end"),
        (["(S", "*)"], 11, "'(S' is not a piece of a tree"),
        (["-", "*)"], 11, "'-' is not a piece"),
        (["*", "*"], 11, "outside all brackets"),
    ],
)
def test_malformed_trees_are_named_by_file_and_line(cells: list[str], line: int, message: str):
    with pytest.raises(DataError) as error:
        tree_of_column(cells, ["NN", "NN"], ["a", "b"], PLACE)
    assert str(error.value).startswith(f"a.conll:{line}: parse column: ")
    assert message in str(error.value)


def test_deep_columns():
    depth = 5000
    tree = tree_of_column(["(NP" * depth + "*" + ")" * depth], ["NN"], ["a"], PLACE)
    assert sum(not node.is_leaf for node in tree.preorder()) == depth
    ((_, same),) = read_trees([(1, str(tree))], "x")
    assert same == tree


def test_spans_of_all_notations():
    cells = ["(ARG0*", "*)", "(V*)", "*", "(GPE)", "(A(B*)", "*)"]
    assert spans_of_column(cells, PLACE, "names") == [
        Span("ARG0", 0, 2),
        Span("V", 2, 3),
        Span("GPE", 4, 5),
        Span("A", 5, 7),
        Span("B", 5, 6),
    ]


def test_no_brackets_are_no_spans():
    assert spans_of_column(["*"] * 4, PLACE, "names") == []


@pytest.mark.parametrize(
    ("cells", "line", "message"),
    [
        (["*", "(A*"], 12, "(A is not closed"),
        (["*", "*)"], 12, "without an opening"),
        (["*", "x"], 12, "'x' is not a bracketed cell"),
        (["(A", "*)"], 11, "'(A' is not a bracketed cell"),
        (["(*)", "*"], 11, "'(*)' is not a bracketed cell"),
        (["-", "*"], 11, "'-' is not a bracketed cell"),
    ],
)
def test_malformed_spans_are_named_by_file_and_line(cells: list[str], line: int, message: str):
    with pytest.raises(DataError) as error:
        spans_of_column(cells, PLACE, "names")
    assert str(error.value).startswith(f"a.conll:{line}: names: ")
    assert message in str(error.value)
