from __future__ import annotations

from collections import Counter

import pytest

from hf_sluice.data.corpora.masc_tokens import read_sentences, read_tokens
from hf_sluice.errors import DataError
from tests.data.corpora.masc_documents import document, graf, node, region, segments, sentences, tokens

TEXT = "HEAD\nIt is in the U. S.\nYes"
FORMS = ["HEAD", "It", "is", "in", "the", "U. S.", "Yes"]
TAGS = ["NN", "PRP", "VBZ", "IN", "DT", "NNP", "UH"]


def make(s: str = graf(), **changed: str):
    return document(TEXT, **{"seg": segments(TEXT, FORMS), "penn": tokens(TAGS), "s": s, **changed})


def read(made):
    faults: Counter[str] = Counter()
    words = read_tokens(made, faults)
    return words, read_sentences(made, words, faults), +faults


def texts(made):
    words, spans, faults = read(made)
    return [" ".join(word.form for word in words[span.start : span.end]) for span in spans], faults


def test_words_stand_in_the_order_of_the_text_and_hold_no_white_space():
    words, _, faults = read(make())
    assert [word.form for word in words] == ["HEAD", "It", "is", "in", "the", "U.S.", "Yes"]
    assert [word.tag for word in words] == TAGS
    assert (words[1].start, words[1].end, words[1].node) == (5, 7, "t1")
    assert faults == {"token with white space": 1}


def test_a_word_may_be_made_of_several_regions():
    penn = graf(node("t", "r2", "r1", label="tok", msd="X"))
    words, _, _ = read(make(penn=penn))
    assert [(word.form, word.start, word.end) for word in words] == [("Itis", 5, 10)]


def test_words_without_place_are_left_out():
    seg = graf(region("r0", 5, 7), region("empty", 8, 8), region("blank", 4, 5))
    penn = graf(*[node(f"t-{r}", *([r] if r else []), label="tok", msd="X") for r in ("r0", "empty", "blank", "")])
    words, _, faults = read(make(seg=seg, penn=penn))
    assert [word.form for word in words] == ["It"]
    assert faults == {"token without place": 3}


def test_a_word_in_another_is_left_out():
    seg = graf(region("r0", 5, 10), region("r1", 8, 10), region("r2", 11, 13))
    words, _, faults = read(make(seg=seg, penn=tokens(["A", "B", "C"])))
    assert [word.tag for word in words] == ["A", "C"]
    assert faults == {"token in another": 1, "token with white space": 1}


@pytest.mark.parametrize(
    ("penn", "message"),
    [
        (graf(node("t", "r0", label="tok")), "token 't' has no feature 'msd'"),
        (graf(node("t", "r9", label="tok", msd="X")), "node 't' is linked to region 'r9', which is not there"),
        (
            graf(region("x", 5, 99), node("t", "x", label="tok", msd="X")),
            "node 't' is linked to region 'x', which ends behind",
        ),
    ],
)
def test_faulty_words_are_an_error(penn: str, message: str):
    with pytest.raises(DataError, match=rf"a-penn\.xml: {message}"):
        read(make(penn=penn))


def test_headings_are_sentences_and_quotations_are_not():
    found, faults = texts(make(sentences(("Head", 0, 4), ("s", 5, 23), ("q", 8, 13), ("s", 24, 27))))
    assert found == ["HEAD", "It is in the U.S.", "Yes"]
    assert faults["quotation"] == 1


def test_what_is_in_no_sentence_is_in_none():
    assert texts(make(sentences(("s", 24, 27))))[0] == ["Yes"]


def test_a_sentence_in_or_across_another_is_left_out():
    found, faults = texts(make(sentences(("s", 5, 13), ("s", 8, 10), ("s", 11, 27), ("s", 5, 13))))
    assert found == ["It is in"]
    assert faults["overlapping sentence"] == 3


def test_sentences_that_share_white_space_only_do_not_overlap():
    found, faults = texts(make(sentences(("s", 5, 11), ("s", 10, 13))))
    assert (found, faults["overlapping sentence"]) == (["It is", "in"], 0)


def test_a_word_belongs_to_the_sentence_in_which_it_begins():
    found, faults = texts(make(sentences(("s", 5, 9), ("s", 9, 13))))
    assert found == ["It is", "in"]
    assert faults["token across sentence end"] == 1


def test_a_sentence_without_words_is_left_out():
    found, faults = texts(make(sentences(("s", 4, 5), ("s", 5, 7))))
    assert (found, faults["sentence without words"]) == (["It"], 1)


def test_an_unknown_label_of_a_sentence_is_an_error():
    with pytest.raises(DataError, match=r"a-s\.xml: sentence 's0' has the label 'p'; known are Head, head, q, s"):
        read(make(sentences(("p", 0, 4))))
