"""Taggers with word features do all that others do: their forms merely begin with keys."""

from __future__ import annotations

import pytest
import torch
from transformers import DataCollatorForTokenClassification, pipeline

from hf_sluice.models.form_cache import FormCache
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.models.word_characters import read_word_chars
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

NAMES = ["norm", "prefix1", "suffix3", "shape"]
SENTENCES = [["The", "old", "bank", "☃x", "☃y"], ["Ann", "saw", "THE", "bank"], ["1990"]]
TOKENIZER = TaggerTokenizer.train_from_words([["The", "old", "bank"], ["Ann", "saw"]], word_features=NAMES)
PLAIN = TaggerTokenizer.train_from_words([["The", "old", "bank"], ["Ann", "saw"]])
SIZES = {
    "vocab_size": TOKENIZER.vocab_size, "char_vocab_size": TOKENIZER.char_vocab_size, "word_features": NAMES,
    "feature_embedding_size": 3, "feature_rows": 50,
}  # fmt: skip
ENCODERS = pytest.mark.parametrize("char_encoder", ["none", "cnn", "bilstm"])
MAKERS = pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])


def encoded(sentences=SENTENCES, **options):
    return TOKENIZER(sentences, is_split_into_words=True, padding=True, return_tensors="pt", **options)


def tagger(make=tiny_model, char_encoder="none", **values):
    return make(2, dtype=torch.float32, char_encoder=char_encoder, **SIZES, **values)


def test_forms_are_keys_and_characters():
    inputs, plain = encoded(), PLAIN(SENTENCES, is_split_into_words=True, padding=True, return_tensors="pt")
    # Words of two unknown characters differ by their keys, which characters do not tell.
    assert len(plain["char_ids"]) == len(inputs["char_ids"]) - 1
    forms, plain_forms = inputs["char_ids"][inputs["char_index"]], plain["char_ids"][plain["char_index"]]
    is_word = inputs["attention_mask"].bool()
    assert torch.equal(forms[is_word][:, len(NAMES) :], plain_forms[is_word])
    assert (inputs["char_ids"][:, : len(NAMES)] > 0).all()
    assert torch.equal(inputs["input_ids"], plain["input_ids"])


@ENCODERS
def test_words_of_one_spelling_but_for_capitals_share_what_they_share(char_encoder):
    model = tagger(char_encoder=char_encoder)
    rows = encoded([["bank"], ["BANK"]])["char_ids"][:, : len(NAMES)]
    same = (rows[0] == rows[1]).tolist()
    assert same == [True, True, True, False]
    embedded = model.base.words.features(rows).unflatten(1, (len(NAMES), -1))
    assert [torch.equal(*of_feature) for of_feature in embedded.transpose(0, 1)] == same


@ENCODERS
@MAKERS
@torch.no_grad()
def test_what_is_remembered_of_forms_is_what_was_computed(make, char_encoder):
    if make is tiny_sparse_model and char_encoder == "none":
        pytest.skip("its masks are those of the layers alone; see the others")
    model = tagger(make, char_encoder)
    expected = model(**encoded()).logits
    model.base.words.form_cache = FormCache()
    for _ in range(2):
        found = model(**encoded()).logits
        for task, logits in expected.items():
            torch.testing.assert_close(found[task], logits, rtol=1e-5, atol=1e-6)


@ENCODERS
@torch.no_grad()
def test_sentences_by_themselves_are_the_batch(char_encoder):
    model = tagger(char_encoder=char_encoder)
    expected = model(**encoded()).logits
    singles = [TOKENIZER(words, is_split_into_words=True) for words in SENTENCES]
    collated = DataCollatorForTokenClassification(TOKENIZER)(singles)
    is_word = encoded()["attention_mask"].bool()
    form_ids, index = read_word_chars(encoded(return_offsets_mapping=True)["word_chars"], encoded()["attention_mask"])
    for inputs in (collated, {**encoded(), "char_ids": form_ids, "char_index": index}):
        for task, logits in model(**inputs).logits.items():
            torch.testing.assert_close(logits[is_word], expected[task][is_word], rtol=1e-5, atol=1e-6)


@torch.no_grad()
def test_the_library_s_pipeline_reads_features():
    model = tagger()
    words = ["The", "old", "bank", "saw"]
    found = pipeline("token-classification", model=model.for_task("task0"), tokenizer=TOKENIZER)(" ".join(words))
    logits = model(**encoded([words])).logits["task0"][0]
    probable = logits.softmax(-1).amax(-1)
    assert [entity["score"] for entity in found] == pytest.approx(probable.tolist(), rel=1e-5)


@ENCODERS
def test_a_gradient_reaches_every_row_that_was_read_and_no_other(char_encoder):
    model = tagger(char_encoder=char_encoder)
    inputs = encoded()
    sum(logits.sum() for logits in model(**inputs).logits.values()).backward()
    features = model.base.words.features
    read = torch.zeros(len(features.embedding.weight), dtype=torch.bool)
    read[features.rows(inputs["char_ids"][:, : len(NAMES)]).flatten()] = True
    assert torch.equal(features.embedding.weight.grad.ne(0).any(1), read)


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_a_part_of_a_model_has_its_features(make):
    model = tagger(make, "cnn")
    part = model.for_task("task1")
    with torch.no_grad():
        expected = model(**encoded(), tasks=["task1"]).logits["task1"]
        torch.testing.assert_close(part(**encoded(), tasks=["task1"]).logits["task1"], expected, rtol=1e-5, atol=1e-6)


def test_a_saved_tagger_comes_back_with_its_features(tmp_path):
    model = tagger(char_encoder="bilstm")
    model.save_pretrained(tmp_path / "model")
    TOKENIZER.save_pretrained(tmp_path / "model")
    loaded = TaggerTokenizer.from_pretrained(tmp_path / "model")
    assert loaded.word_features == tuple(NAMES)
    inputs = dict(loaded(SENTENCES, is_split_into_words=True, padding=True, return_tensors="pt"))
    assert all(torch.equal(value, encoded()[name]) for name, value in inputs.items())
    again = SluiceForTokenClassification.from_pretrained(tmp_path / "model")
    with torch.no_grad():
        expected, found = model(**inputs).logits, again(**inputs).logits
    assert all(torch.equal(found[task], expected[task]) for task in expected)


def test_without_features_nothing_is_saved_of_them(tmp_path):
    PLAIN.save_pretrained(tmp_path)
    assert "word_features" not in (tmp_path / "tokenizer_config.json").read_text()
