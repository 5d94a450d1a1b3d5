from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from hf_sluice.data.corpora.masc_layers import Layers, needed_layers
from hf_sluice.data.corpora.masc_tokens import read_sentences, read_tokens
from tests.data.corpora.masc_documents import document, edges, graf, node, segments, sentences, spans, tokens

TEXT = "Ann saw ice-cream. No."
PLAIN = {
    "seg": segments(TEXT, ["Ann", "saw", "ice-cream", ".", "No", "."]),
    "penn": tokens(["NNP", "VBD", "NN", ".", "UH", "."]),
    "s": sentences(("s", 0, 18), ("s", 19, 22)),
    "nc": spans(("nchunk", [0]), ("nchunk", [2])),
    "vc": spans(("vchunk", [1])),
    "ne": spans(("person", [0])),
}
PIECES = [("Ann", "NNP"), ("saw", "VBD"), ("ice", "NN"), ("-", "HYPH"), ("cream", "NN"), (".", ".")]
WORDS = "".join(node(f"w{i}", f"r{i}", label="tok", msd=tag) for i, (_, tag) in enumerate(PIECES))
TREES = {
    "ptbtok": segments(TEXT, [form for form, _ in PIECES]).replace("</graph>", f"{WORDS}</graph>"),
    "ptb": graf(
        '<roots><root node.id="n0"/></roots>',
        node("n0"),
        *[node(f"n{i}", label=cat, cat=cat) for i, cat in ((1, "S"), (7, "NP"), (8, "VP"), (9, "NP"))],
        edges("n0", "n1"),
        edges("n1", "n7", "n8", "w5"),
        edges("n7", "w0"),
        edges("n8", "w1", "n9"),
        edges("n9", "w2", "w3", "w4"),
    ),
}


def layers(*tasks: str, trees: dict[str, str] | None = None):
    made = document(TEXT, **PLAIN, **(trees or {}))
    faults: defaultdict[str, Counter[str]] = defaultdict(Counter)
    words = read_tokens(made, faults[""])
    return Layers(frozenset(tasks), {}, faults).of(made, words, read_sentences(made, words, faults[""]))


def test_layers_of_every_document():
    assert layers("pos", "chunk", "ner") == {
        "pos": [["NNP", "VBD", "NN", "."], ["UH", "."]],
        "chunk": [["B-NP", "B-VP", "B-NP", "O"], ["O", "O"]],
        "ner": [["B-person", "O", "O", "O"], ["O", "O"]],
    }


def test_layers_of_the_treebank_are_missing_where_it_says_nothing():
    assert layers("gold_pos", "tree_chunk", "srl", trees=TREES) == {
        "gold_pos": [["NNP", "VBD", None, "."], None],
        "tree_chunk": [["B-NP", "B-VP", "B-NP", "O"], None],
        "srl": [None, None],
    }
    assert layers("gold_pos", "tree_chunk", "srl") == {
        "gold_pos": [None, None],
        "tree_chunk": [None, None],
        "srl": [None, None],
    }


def test_a_word_in_which_a_chunk_ends_is_masked():
    split = TREES["ptb"].replace('from="n9" to="w4"', 'from="n1" to="w4"')
    assert layers("tree_chunk", trees=TREES | {"ptb": split})["tree_chunk"][0] == ["B-NP", "B-VP", None, "O"]


@pytest.mark.parametrize(
    ("tasks", "needed"),
    [
        ({"pos"}, set()),
        ({"chunk"}, {"nc", "vc"}),
        ({"ner", "srl"}, {"ne", "ptbtok", "ptb"}),
        ({"gold_pos", "tree_chunk"}, {"ptbtok", "ptb"}),
    ],
)
def test_only_the_layers_of_the_tasks_are_needed(tasks: set[str], needed: set[str]):
    assert needed_layers(frozenset(tasks)) == needed
