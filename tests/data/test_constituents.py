from __future__ import annotations

import pytest

from hf_sluice.data.constituents import Tree, TreeBuilder, without_empty_elements
from hf_sluice.data.formats.trees import read_trees

DEPTH = 20_000


def tree(text: str) -> Tree:
    ((_, read),) = read_trees([(1, text)], "test")
    return read


def deep_tree(depth: int = DEPTH) -> Tree:
    node = Tree("NN", word="dog")
    for _ in range(depth):
        node = Tree("NP", (node, Tree("POS", word="'s")))
    return node


def test_words_and_tags_stand_in_order():
    read = tree("(S (NP (DT the) (NN dog)) (VP (VBZ barks) (ADVP (RB loudly))) (. .))")
    assert read.words() == ["the", "dog", "barks", "loudly", "."]
    assert read.tags() == ["DT", "NN", "VBZ", "RB", "."]
    assert [node.label for node in read.preorder() if not node.is_leaf] == ["S", "NP", "VP", "ADVP"]


@pytest.mark.parametrize(
    ("label", "category"),
    [("NP", "NP"), ("NP-SBJ", "NP"), ("NP-SBJ-1", "NP"), ("NP=2", "NP"), ("-LRB-", "-LRB-"), ("PRP$", "PRP$")],
)
def test_category_has_no_function_tag_and_no_index(label: str, category: str):
    assert Tree(label, word="x").category == category


def test_text_reads_back_as_the_same_tree():
    read = tree("(S (NP-SBJ (-LRB- -LRB-) (NNP Ann)) (VP (VBZ sleeps)))")
    assert tree(str(read)) == read
    assert hash(tree(str(read))) == hash(read)


def test_trees_differ_by_label_word_and_shape():
    kinds = ["(S (A x) (B y))", "(T (A x) (B y))", "(S (A x) (B z))", "(S (S (A x)) (B y))"]
    assert len({tree(kind) for kind in kinds}) == len(kinds)


def test_nothing_recurses():
    deep = deep_tree()
    assert len(deep.leaves()) == DEPTH + 1
    assert deep == tree(str(deep))
    assert without_empty_elements(Tree("TOP", (deep, Tree("-NONE-", word="*")))) == Tree("TOP", (deep,))


def test_empty_elements_go_with_the_constituents_that_hold_nothing_else():
    read = tree(
        "(S (NP-SBJ (-NONE- *-1)) (VP (TO to) (VP (VB sell) (NP (NP (-NONE- *)) (NN gas)))) (S (X (-NONE- 0))))"
    )
    assert without_empty_elements(read) == tree("(S (VP (TO to) (VP (VB sell) (NP (NN gas)))))")
    assert without_empty_elements(tree("(S (NP (-NONE- *)))")) is None


def test_a_tree_without_empty_elements_is_left_alone():
    read = tree("(S (NP (NN gas)))")
    assert without_empty_elements(read) is read


def build(*steps: str) -> Tree:
    builder = TreeBuilder(ValueError)
    for step in steps:
        if step == ")":
            builder.close()
        elif step.startswith("("):
            builder.open(step[1:])
        else:
            builder.leaf("NN", step)
    return builder.finish()


def test_builder_builds_what_the_brackets_say():
    assert build("(S", "(NP", "a", ")", "b", ")") == tree("(S (NP (NN a)) (NN b))")


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (["(S", "a"], "not closed"),
        (["(S", "a", ")", ")"], "without an opening"),
        (["(S", "(NP", ")", ")"], "is empty"),
        (["a"], "outside all brackets"),
        (["(S", "a", ")", "(S"], "after the end"),
        ([], "no bracket"),
    ],
)
def test_builder_refuses_what_is_no_tree(steps: list[str], message: str):
    with pytest.raises(ValueError, match=message):
        build(*steps)
