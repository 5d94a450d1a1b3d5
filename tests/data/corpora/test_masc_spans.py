from __future__ import annotations

from collections import Counter

import pytest

from hf_sluice.data.corpora.masc_spans import disjoint, read_spans, span_labels
from hf_sluice.data.corpora.masc_tokens import Token
from hf_sluice.data.formats.graf import read_layer
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError
from tests.data.corpora.masc_documents import graf, node, spans, tokens

WORDS = read_layer(tokens(["X"] * 8).encode(), "a-penn.xml", frozenset({"msd"}))
KEPT = [Token(i, i + 1, "w", "X", f"t{i}") for i in range(7)]  # t7 has no place
SENTENCES = [Span("s", 0, 4), Span("s", 5, 7)]  # word 4 is in none


def labels(*held: tuple[str, list[int]]):
    faults: Counter[str] = Counter()
    layer = read_layer(spans(*held).encode(), "a-nc.xml")
    found = read_spans(layer, WORDS, KEPT, {"n": "NP", "v": "VP"}, faults)
    return span_labels(disjoint(found, faults), SENTENCES, faults), +faults


def test_spans_are_labels_of_words_in_sentences():
    found, faults = labels(("v", [2]), ("n", [1, 0]), ("n", [3]), ("n", [5, 6]), ("n", [4]))
    assert found == [["B-NP", "I-NP", "B-VP", "B-NP"], ["B-NP", "I-NP"]]
    assert not faults


def test_the_outermost_of_nested_spans_is_taken():
    found, faults = labels(("v", [1]), ("n", [0, 1, 2]), ("n", [0, 1]))
    assert found[0] == ["B-NP", "I-NP", "I-NP", "O"]
    assert faults == {"nested span": 2}


def test_a_repetition_changes_nothing():
    found, faults = labels(("n", [0, 1]), ("n", [0, 1]))
    assert found[0] == ["B-NP", "I-NP", "O", "O"]
    assert not faults


@pytest.mark.parametrize("held", [[("n", [0, 1]), ("v", [1, 2])], [("n", [0, 1, 2]), ("v", [0, 1, 2])]])
def test_spans_that_contradict_each_other_mask_their_words(held):
    for order in (held, held[::-1]):
        found, faults = labels(*order, ("v", [3]))
        assert found[0] == [None, None, None, "B-VP"]
        assert faults == {"contradicting span": 1}


def test_a_chain_of_crossing_spans_is_masked_as_one():
    assert labels(("n", [0, 1]), ("n", [1, 2]), ("n", [2, 3]))[0][0] == [None] * 4


def test_a_span_with_a_gap_masks_what_it_reaches_over():
    found, faults = labels(("n", [0, 2]))
    assert found[0] == [None, None, None, "O"]
    assert faults == {"span with a gap": 1}


def test_a_span_over_the_end_of_a_sentence_masks_its_words():
    found, faults = labels(("n", [2, 3, 4, 5]))
    assert found == [["O", "O", None, None], [None, "O"]]
    assert faults == {"span across sentence end": 2}


def test_a_span_that_begins_outside_of_sentences_masks_its_words():
    assert labels(("n", [4, 5]), ("n", [6]))[0] == [["O"] * 4, [None, "B-NP"]]


def test_words_without_place_do_not_count():
    found, faults = labels(("n", [6, 7]), ("n", [7]), ("n", []))
    assert found[1] == ["O", "B-NP"]
    assert faults == {"span without words": 2}


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (spans(("x", [0])), "node 'c0' has the label 'x'; known are n, v"),
        (spans(("n", [99])), "node 'c0' has an edge to 't99', which is no token"),
        (graf(node("c0")), "node 'c0' has no annotation"),
    ],
)
def test_faulty_spans_are_an_error(layer: str, message: str):
    with pytest.raises(DataError, match=rf"a-nc\.xml: {message}"):
        read_spans(read_layer(layer.encode(), "a-nc.xml"), WORDS, KEPT, {"n": "NP", "v": "VP"}, Counter())
