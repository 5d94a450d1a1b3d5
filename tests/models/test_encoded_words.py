from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.models.tokenization_tagger import TaggerTokenizer

# Letters that lower-case oddly, combining marks, joined emoji, digits of another script, symbols of the vocabulary.
PIECES = [
    "a",
    "b",
    "A",
    "É",
    "e\u0301",
    "İ",
    "Σ",
    "ß",
    "👩\u200d👧",
    "☝\ufe0f",
    "7",
    "٣",
    "1,000",
    "-",
    " ",
    "[PAD]",
    "[UNK]",
    "\n",
]
words = st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5).map(
    "".join
)
sentences = st.lists(st.lists(words, max_size=6), min_size=1, max_size=5)
TOKENIZER = TaggerTokenizer.train_from_words(
    [["The", "dog", "a", "A", "b", "bA", "7", "[PAD]", "É", "e\u0301", "👩\u200d👧"]], max_word_length=8
)


def reference_batch(tokenizer: TaggerTokenizer, batch: list[list[str]]) -> dict[str, list]:
    """The contract of the inputs written out for one word after the other."""
    characters = list(tokenizer.vocabulary.characters)
    forms: list[list[int]] = []
    rows = {"input_ids": [], "attention_mask": [], "char_index": []}
    for sentence in batch:
        ids, index = [], []
        for word in sentence:
            half, rest = (tokenizer.max_word_length + 1) // 2, tokenizer.max_word_length // 2
            seen = word if len(word) <= tokenizer.max_word_length else word[:half] + word[len(word) - rest :]
            form = [characters.index(c) if c in characters else 1 for c in seen]
            if form not in forms:
                forms.append(form)
            ids.append(tokenizer.vocabulary.word_id(word))
            index.append(forms.index(form))
        padding = [0] * (max(map(len, batch)) - len(sentence))
        rows["input_ids"].append(ids + padding)
        rows["attention_mask"].append([1] * len(ids) + padding)
        rows["char_index"].append(index + padding)
    width = max(map(len, forms), default=1)
    return rows | {"char_ids": [form + [0] * (width - len(form)) for form in forms] or [[0]]}


def assert_same(actual: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    assert set(actual) == set(expected)
    for name, tensor in expected.items():
        assert actual[name].dtype == tensor.dtype == torch.int64
        assert torch.equal(actual[name], tensor), name


@given(sentences)
@settings(max_examples=300, deadline=None)
def test_a_batch_is_what_the_contract_says(batch):
    expected = {name: torch.tensor(rows, dtype=torch.int64) for name, rows in reference_batch(TOKENIZER, batch).items()}
    assert_same(TOKENIZER.encode_words(batch).batch(range(len(batch))), expected)


@given(sentences, st.data())
@settings(max_examples=200, deadline=None)
def test_any_batch_of_a_corpus_equals_tokenizing_these_sentences(corpus, data):
    chosen = data.draw(st.lists(st.integers(0, len(corpus) - 1), min_size=1, max_size=6))
    tokenized = TOKENIZER([corpus[i] for i in chosen], is_split_into_words=True, padding=True, return_tensors="pt")
    assert_same(TOKENIZER.encode_words(corpus).batch(chosen), dict(tokenized))


@given(sentences)
@settings(deadline=None)
def test_each_form_stands_once_and_is_used(batch):
    tensors = TOKENIZER.encode_words(batch).batch(range(len(batch)))
    forms = tensors["char_ids"].tolist()
    assert len(set(map(tuple, forms))) == len(forms)
    used = tensors["char_index"][tensors["attention_mask"].bool()]
    assert set(used.tolist()) == set(range(len(forms))) or not any(batch)
    assert tensors["char_ids"][:, -1].any() or not any(batch)


@given(sentences)
@settings(deadline=None)
def test_the_arrays_hold_every_word_in_order(corpus):
    encoded = TOKENIZER.encode_words(corpus)
    assert len(encoded) == len(corpus)
    assert encoded.lengths.tolist() == [len(sentence) for sentence in corpus]
    flat = [word for sentence in corpus for word in sentence]
    assert encoded.word_ids.tolist() == [TOKENIZER.vocabulary.word_id(word) for word in flat]
    assert len(encoded.form_ids) == len(flat)
    assert (encoded.form_lengths == np.count_nonzero(encoded.form_chars, axis=1)).all()
    assert len(np.unique(encoded.form_chars, axis=0)) == len(encoded.form_chars)


def test_words_of_unknown_characters_share_a_form_but_not_a_word_id():
    tokenizer = TaggerTokenizer.train_from_words([["a", "b"]])
    encoded = tokenizer.encode_words([["x", "y", "a"]])
    assert encoded.form_ids.tolist() == [0, 0, 1]
    assert encoded.word_ids.tolist() == [1, 1, tokenizer.get_vocab()["a"]]


def test_halves_of_surrogate_pairs_are_unknown_characters():
    assert TOKENIZER.encode_words([["a\ud83d"]]).form_chars[0, 1] == 1


@pytest.mark.parametrize("index", [-1, 2])
def test_no_sentence_of_that_index(index):
    with pytest.raises(IndexError, match="asked of 0 to 1"):
        TOKENIZER.encode_words([["a"], ["b"]]).batch([0, index])


def test_a_batch_may_be_wider_than_its_sentences():
    narrow = TOKENIZER.encode_words([["a", "b"]]).batch([0])
    wide = TOKENIZER.encode_words([["a", "b"]]).batch([0], num_tokens=5)
    for name in ("input_ids", "attention_mask", "char_index"):
        assert wide[name].tolist() == [[*narrow[name][0].tolist(), 0, 0, 0]]
    assert torch.equal(wide["char_ids"], narrow["char_ids"])


def test_batches_share_no_memory_with_the_corpus():
    encoded = TOKENIZER.encode_words([["a", "b"]])
    for tensor in encoded.batch([0]).values():
        tensor.fill_(99)
    assert_same(encoded.batch([0]), TOKENIZER.encode_words([["a", "b"]]).batch([0]))
