from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing
from transformers import BatchEncoding

from hf_sluice.models.sentence_encoding import SentenceEncoding

ATTRIBUTES = (
    "ids",
    "tokens",
    "word_ids",
    "sequence_ids",
    "offsets",
    "type_ids",
    "attention_mask",
    "special_tokens_mask",
)


def library_encoding(words: list[str], padded: int):
    tokenizer = Tokenizer(WordLevel({"[PAD]": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.post_processor = TemplateProcessing(single="$A:0", special_tokens=[])  # as transformers sets it
    if padded:
        tokenizer.enable_padding(length=len(words) + padded)
    return tokenizer.encode("  ".join(words))


def own_encoding(words: list[str], padded: int) -> SentenceEncoding:
    starts = [sum(len(word) + 2 for word in words[:i]) for i in range(len(words))]
    spans = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
    return SentenceEncoding([1] * len(words) + [0] * padded, ["[UNK]"] * len(words) + ["[PAD]"] * padded, spans)


sentences = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4)


@given(sentences, st.integers(0, 2))
def test_equals_the_encoding_of_the_library(words, padded):
    ours, theirs = own_encoding(words, padded), library_encoding(words, padded)
    for name in ATTRIBUTES:
        assert list(getattr(ours, name)) == list(getattr(theirs, name)), name
    assert len(ours) == len(theirs)
    assert ours.n_sequences == theirs.n_sequences
    assert list(ours.overflowing) == list(theirs.overflowing)


@given(sentences, st.integers(0, 2))
def test_answers_as_the_encoding_of_the_library(words, padded):
    ours, theirs = own_encoding(words, padded), library_encoding(words, padded)
    for token in range(len(words) + padded):
        for name in ("token_to_word", "token_to_chars", "token_to_sequence"):
            assert getattr(ours, name)(token) == getattr(theirs, name)(token), (name, token)
    for word in range(len(words) + 1):
        for name in ("word_to_tokens", "word_to_chars"):
            assert getattr(ours, name)(word) == getattr(theirs, name)(word), (name, word)
    for position in range(len("  ".join(words)) + 1):
        for name in ("char_to_token", "char_to_word"):
            assert getattr(ours, name)(position) == getattr(theirs, name)(position), (name, position)


@pytest.mark.parametrize("name", ["word_to_tokens", "word_to_chars", "char_to_token", "char_to_word"])
def test_there_is_no_second_sequence(name):
    assert getattr(own_encoding(["a"], 0), name)(0, 1) is None


def test_batch_encoding_accepts_it():
    ours = BatchEncoding({"input_ids": [[1, 1, 0]]}, [own_encoding(["ab", "c"], 1)])
    assert ours.word_ids() == [0, 1, None]
    assert ours.char_to_token(4) == 1
    assert tuple(ours.token_to_chars(0)) == (0, 2)
