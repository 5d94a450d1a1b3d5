from __future__ import annotations

import random

import pytest

from hf_sluice.data.constituents import Tree
from hf_sluice.data.formats.trees import read_trees
from hf_sluice.data.head_rules import dependency_heads, head_part


def tree(text: str) -> Tree:
    ((_, read),) = read_trees([(1, text)], "test")
    return read


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("(NP (DT the) (JJ old) (NN dog) (NN house))", 3),
        ("(NP (NP (DT the) (NN dog)) (PP (IN in) (NP (NN town))))", 0),
        ("(NP (NNP Ann) (POS 's))", 1),
        ("(NP (NP (NNP Ann) (POS 's)) (JJ big) (NN dog))", 2),
        ("(NP (DT the) (CD 5))", 1),
        ("(NP (DT the) (JJ rich))", 1),
        ("(NP (DT the) (NML (NN dog)) (. .))", 1),
        ("(PP (IN in) (NP (NN town)))", 0),
        ("(PP (RB just) (IN before) (NP (NN noon)))", 1),
        ("(S (NP (PRP it)) (VP (VBZ is)))", 1),
        ("(VP (MD will) (VP (VB go)))", 0),
        ("(VP (TO to) (VP (VB go)))", 0),
        ("(SBAR (WHNP (WP who)) (S (VP (VBD left))))", 0),
        ("(SBAR (IN that) (S (VP (VBD left))))", 0),
        ("(NP (NP (NN cat)) (CC and) (NP (NN dog)))", 0),
        ("(NP (NNS cats) (CC and) (NNS dogs))", 0),
        ("(ADVP (RB very) (RB soon))", 1),
        ("(TOP (. .) (S (VP (VB go))))", 1),
        ("(FRAG (NP (NN tea)) (. .))", 0),
        ("(INTJ (, ,))", 0),
    ],
)
def test_head_part(text: str, head: int):
    assert head_part(tree(text)) == head


def test_sentence_analysed_by_hand():
    read = tree(
        "(TOP (S (NP (NP (DT The) (NN cat)) (PP (IN on) (NP (DT the) (NN mat)))) (VP (MD will) (VP (VB eat)"
        " (NP (JJ fresh) (NN fish)))) (. .)))"
    )
    #                                The cat on the mat will eat fresh fish .
    assert dependency_heads(read) == [2, 6, 2, 5, 3, 0, 6, 9, 7, 6]


def random_tree(generator: random.Random, depth: int) -> Tree:
    if depth == 0 or generator.random() < 0.3:
        return Tree(generator.choice(["NN", "DT", "IN", "VB", "CC", ",", "POS"]), word="w")
    label = generator.choice(["S", "NP", "VP", "PP", "SBAR", "ADJP", "FRAG", "X"])
    return Tree(label, tuple(random_tree(generator, depth - 1) for _ in range(generator.randint(1, 4))))


def test_every_tree_gives_one_root_and_each_constituent_one_word_with_its_head_outside():
    generator = random.Random(5)
    for _ in range(500):
        read = Tree("TOP", (random_tree(generator, 5),))
        heads = dependency_heads(read)
        assert len(heads) == len(read.leaves())
        assert heads.count(0) == 1
        start = 0
        for node in read.preorder():
            end = start + len(node.leaves())
            assert sum(not start < head <= end for head in heads[start:end]) == 1
            start += node.is_leaf


def test_a_tree_of_great_depth():
    node = Tree("NN", word="dog")
    for _ in range(20_000):
        node = Tree("NP", (Tree("DT", word="a"), node))
    assert dependency_heads(node)[-1] == 0
