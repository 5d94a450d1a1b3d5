from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.corpus_encoding import CorpusEncoder
from hf_sluice.models.tagger_vocabulary import TaggerVocabulary

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
VOCABULARY = TaggerVocabulary.count([list(ALPHABET)])


def seen_characters(word: str, max_word_length: int) -> str:
    encoded = CorpusEncoder(VOCABULARY, max_word_length).encode([[word]])
    return "".join(VOCABULARY.characters[i] for i in encoded.form_chars[0, : encoded.form_lengths[0]])


@given(st.text(ALPHABET, min_size=1, max_size=30), st.integers(2, 30))
def test_a_long_word_keeps_its_ends(word, limit):
    seen = seen_characters(word, limit)
    assert len(seen) == min(len(word), limit)
    assert word.startswith(seen[: (len(seen) + 1) // 2])
    assert word.endswith(seen[(len(seen) + 1) // 2 :])


def test_an_odd_limit_favours_the_beginning():
    assert seen_characters("abcdefgh", 5) == "abcgh"


def test_one_address_does_not_set_the_width_of_a_corpus():
    encoded = CorpusEncoder(VOCABULARY, 10).encode([["a", "b" * 5000]])
    assert encoded.form_chars.shape == (2, 10)


def test_a_vocabulary_without_characters_knows_none():
    encoder = CorpusEncoder(TaggerVocabulary(("[PAD]", "[UNK]", "[NUM]"), ("[PAD]", "[UNK]")), 10)
    assert encoder.encode([["a\U0010ffff"]]).form_chars.tolist() == [[1, 1]]


def test_an_empty_corpus_has_no_sentences():
    encoded = CorpusEncoder(VOCABULARY, 10).encode([])
    assert len(encoded) == 0
    assert encoded.batch([])["char_ids"].tolist() == [[0]]


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        ([["a"], ["b", "", "c"]], "sentence 1, word 1 is empty; a word should have at least one character"),
        ([["a", None]], "sentence 0, word 1 is None; a word should be text"),
        ([["a", 3]], "sentence 0, word 1 is 3; a word should be text"),
        ([["a"], "b c"], "sentence 1 is 'b c'; it should be a list of words"),
        ([["a"], None], "sentence 1 is None; it should be a list of words"),
        ([[["a", "b"]]], r"sentence 0, word 0 is \['a', 'b'\]; a word should be text"),
    ],
)
def test_bad_words_are_named_by_their_place(sentences, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        CorpusEncoder(VOCABULARY, 10).encode(sentences)
