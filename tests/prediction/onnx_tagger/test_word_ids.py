from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.models.tagger_vocabulary import CHARACTER_SYMBOLS, WORD_SYMBOLS
from hf_sluice.prediction.onnx_tagger.word_ids import NUM_SYMBOLS, WordIds
from tests.models.tiny_tagging import TOKENIZER


@pytest.fixture(scope="module")
def words_of_tokenizer(tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "vocabulary.json"
    TOKENIZER.vocabulary.save(path)
    return WordIds(path, TOKENIZER.max_word_length)


@settings(max_examples=50)
@given(words=st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_words_have_the_ids_of_the_tokenizer(words_of_tokenizer, words):
    sentences = [[*words, "1,000.5", "BANK", "−3", "x" * 80, "BANK"], ["−3"], [*words, "Ann"]]
    inputs, distinct = words_of_tokenizer.encode(sentences)
    char_ids = words_of_tokenizer.characters(distinct)
    expected = TOKENIZER.encode_words(sentences).batch(range(3))

    assert len(set(distinct)) == len(distinct)
    for name in ("input_ids", "attention_mask"):
        assert inputs[name].tolist() == expected[name].tolist()
    for row, sentence in enumerate(sentences):
        forms, of_tokenizer = inputs["char_index"][row, : len(sentence)], expected["char_index"][row, : len(sentence)]
        assert char_ids[forms].tolist() == expected["char_ids"][of_tokenizer].tolist()
        assert not inputs["char_index"][row, len(sentence) :].any()


def test_symbols_are_as_many_as_the_tokenizer_has():
    assert {"words": len(WORD_SYMBOLS), "characters": len(CHARACTER_SYMBOLS)} == NUM_SYMBOLS


@pytest.mark.parametrize("symbols", [{}, {"words": None}, {"words": [], "characters": [1]}])
def test_a_damaged_vocabulary_is_named(tmp_path, symbols):
    path = tmp_path / "vocabulary.json"
    path.write_text(json.dumps(symbols))

    with pytest.raises(ValueError, match=r"vocabulary\.json: (words|characters) should be a list of texts"):
        WordIds(path, 64)
