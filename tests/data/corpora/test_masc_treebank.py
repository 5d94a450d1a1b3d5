from __future__ import annotations

import pytest

from hf_sluice.data.corpora.masc_treebank import read_trees
from hf_sluice.errors import DataError
from tests.data.corpora.masc_documents import document, edges, graf, node

WORDS = graf(
    *[
        node(f"w{number}", label="tok", msd=tag)
        for number, tag in (("12", "NN"), ("4", "DT"), ("9", "VBZ"), ("20", "LRB"))
    ]
)
HEAD = '<graphHeader><roots><root node.id="n0"/></roots></graphHeader>'
TREES = graf(
    HEAD,
    node("n0"),
    node("n2", label="S", cat="S"),
    node("n3", label="NP", cat="NP", roles="SBJ"),
    node("n8", label="VP", cat="VP"),
    node("n15", label="Trace", cat="*T*"),
    node("n14", label="NP", cat="NP"),
    node("n30", label="NP", cat="NP"),
    node("n31", label="NP", cat="NP"),
    edges("n0", "n2", "w20"),
    edges("n2", "n8", "n3", "n30"),
    edges("n3", "w12", "w4"),
    edges("n8", "n14", "w9"),
    edges("n14", "n15"),
    edges("n15", "n3"),
)


def read(ptb: str = TREES, ptbtok: str = WORDS):
    return read_trees(document("", seg=graf(), ptbtok=ptbtok, ptb=ptb))


def test_trees_in_the_order_of_ids_without_traces_and_what_holds_no_word():
    assert [str(tree) for tree in read()] == ["(S (NP-SBJ (DT w4) (NN w12)) (VP (VBZ w9)))", "(TOP (-LRB- w20))"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (HEAD, "", "a-ptb.xml: 0 roots; one, which holds all trees"),
        ('to="w9"', 'to="w99"', "a-ptb.xml: node 'n8' has an edge to 'w99', which is not there"),
        ('to="n15"', 'to="n8"', "a-ptb.xml: node 'n8', in 'n14', is the root or lies elsewhere, too"),
        ('to="n30"', 'to="n0"', "a-ptb.xml: node 'n0', in 'n2', is the root"),
        ('value="VP"', 'value=""', "a-ptb.xml: constituent 'n8' has no feature 'cat'"),
        ("n14", "n14x", "a-ptb.xml: the id 'n14x' does not end in a number"),
    ],
)
def test_faulty_trees_are_an_error(old: str, new: str, message: str):
    with pytest.raises(DataError) as caught:
        read(TREES.replace(old, new))
    assert str(caught.value).startswith(message)


def test_a_word_without_tag_is_an_error():
    with pytest.raises(DataError, match=r"a-ptbtok\.xml: word 'w4' has no feature 'msd'"):
        read(ptbtok=WORDS.replace('value="DT"', 'value=""'))
