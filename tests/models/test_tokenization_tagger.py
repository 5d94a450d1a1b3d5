from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, DataCollatorForTokenClassification

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.registration import register_tokenizers
from hf_sluice.models.tokenization_tagger import TaggerTokenizer

CORPUS = [["The", "cat", "sat", "in", "1990", "."], ["the", "Dog", "[PAD]", "New York"]]
TOKENIZER = TaggerTokenizer.train_from_words(CORPUS, max_word_length=10)
words = st.sampled_from(["[PAD]", "[UNK]", "[NUM]", "The", "a b", " ", "\n", "é", "👩\u200d👧", "1,000"]) | st.text(
    min_size=1
)
sentences = st.lists(st.lists(words, max_size=6), min_size=1, max_size=4)


def assert_equal(actual, expected) -> None:
    assert set(actual) == set(expected)
    for name in expected:
        assert torch.equal(actual[name], expected[name]), name


# --- given words


@given(sentences)
@settings(deadline=None)
def test_every_given_word_is_one_token(batch):
    encoded = TOKENIZER(batch, is_split_into_words=True)
    for i, sentence in enumerate(batch):
        assert len(encoded["input_ids"][i]) == len(sentence)
        assert encoded.word_ids(i) == list(range(len(sentence)))


@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("symbol", ["[PAD]", "[UNK]", "[NUM]"])
def test_the_text_of_a_symbol_is_no_symbol(symbol, lowercase):
    tokenizer = TaggerTokenizer.train_from_words([["a"]], lowercase=lowercase)
    assert tokenizer([symbol, f"x{symbol}y"], is_split_into_words=True)["input_ids"] == [1, 1]
    assert tokenizer.convert_tokens_to_ids(symbol) == ["[PAD]", "[UNK]", "[NUM]"].index(symbol)


def test_words_are_lower_cased_and_numbers_one_symbol_but_characters_are_as_written():
    encoded = TOKENIZER(["THE", "The", "1990", "7", "zebra"], is_split_into_words=True)
    the = TOKENIZER.get_vocab()["the"]
    assert encoded["input_ids"] == [the, the, 2, 2, 1]
    assert encoded["char_ids"][0] != encoded["char_ids"][1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ([["a"], ["b", ""]], "sentence 1, word 1 is empty"),
        (["a", ""], "sentence 0, word 1 is empty"),
        ("a b", "sentence 0 is 'a b'; it should be a list of words"),
        ([["a"], "b"], "sentence 1 is 'b'; it should be a list of words"),
        ([["a", None]], "sentence 0, word 1 is None"),
    ],
)
def test_bad_words(text, message):
    with pytest.raises(ValueError, match=message):
        TOKENIZER(text, is_split_into_words=True)


# --- forms of the result


@given(sentences)
@settings(deadline=None)
def test_lists_are_the_tensors_without_padding(batch):
    tensors = TOKENIZER(batch, is_split_into_words=True, padding=True, return_tensors="pt")
    lists = TOKENIZER(batch, is_split_into_words=True)
    assert lists["char_ids"] == tensors["char_ids"].tolist()
    for name in ("input_ids", "attention_mask", "char_index"):
        for row, padded in zip(lists[name], tensors[name].tolist(), strict=True):
            assert padded == row + [0] * (len(padded) - len(row))


@given(st.lists(words, max_size=5))
@settings(deadline=None)
def test_a_single_sentence_is_a_batch_of_one(sentence):
    single = TOKENIZER(sentence, is_split_into_words=True)
    batch = TOKENIZER([sentence], is_split_into_words=True)
    assert single["char_ids"] == batch["char_ids"]
    for name in ("input_ids", "attention_mask", "char_index"):
        assert [single[name]] == batch[name]
    assert_equal(
        TOKENIZER(sentence, is_split_into_words=True, return_tensors="pt"),
        TOKENIZER([sentence], is_split_into_words=True, return_tensors="pt"),
    )


def test_numpy_arrays_hold_the_same():
    tensors = TOKENIZER(CORPUS, is_split_into_words=True, padding=True, return_tensors="pt")
    arrays = TOKENIZER(CORPUS, is_split_into_words=True, padding=True, return_tensors="np")
    for name, array in arrays.items():
        assert isinstance(array, np.ndarray)
        assert array.tolist() == tensors[name].tolist()


def test_extras_stand_beside_padded_inputs():
    wishes = dict.fromkeys(
        ("return_special_tokens_mask", "return_offsets_mapping", "return_token_type_ids", "return_length"), True
    )
    encoded = TOKENIZER(["The cat.", "Dog"], padding=True, return_tensors="pt", **wishes)
    assert encoded["special_tokens_mask"].tolist() == (1 - encoded["attention_mask"]).tolist() == [[0, 0, 0], [0, 1, 1]]
    assert encoded["offset_mapping"].tolist() == [[[0, 3], [4, 7], [7, 8]], [[0, 3], [0, 0], [0, 0]]]
    assert encoded["token_type_ids"].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert encoded["length"].tolist() == [3, 3]
    assert encoded.word_ids(1) == [0, None, None]
    assert encoded.tokens(1) == ["dog", "[PAD]", "[PAD]"]


@pytest.mark.parametrize(
    ("options", "width"),
    [
        ({"padding": "max_length", "max_length": 9}, 9),
        ({"padding": "max_length", "max_length": 2}, 6),
        ({"padding": True, "pad_to_multiple_of": 4}, 8),
        ({"padding": "longest"}, 6),
    ],
)
def test_widths(options, width):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        options = options | {"truncation": False}
        encoded = TOKENIZER(CORPUS, is_split_into_words=True, return_tensors="pt", **options)
    for name in ("input_ids", "attention_mask", "char_index"):
        assert encoded[name].shape == (2, width)
    assert encoded["attention_mask"].sum(1).tolist() == [6, 4]
    assert encoded.word_ids(1) == [0, 1, 2, 3, *[None] * (width - 4)]


def test_unpadded_sentences_of_different_lengths_make_no_tensor():
    with pytest.raises(ValueError, match="sentences of 4 to 6 words make no tensor; ask for padding=True"):
        TOKENIZER(CORPUS, is_split_into_words=True, return_tensors="pt")


@pytest.mark.parametrize("text", [[], "", " \n"])
def test_no_words_at_all(text):
    encoded = TOKENIZER(text, is_split_into_words=isinstance(text, list), return_tensors="pt")
    assert encoded["input_ids"].shape == encoded["char_index"].shape == (1, 0)
    assert encoded["char_ids"].tolist() == [[0]]


# --- no truncation


def test_model_max_length_neither_cuts_nor_warns(tmp_path, caplog):
    TOKENIZER.save_pretrained(tmp_path)
    short = TaggerTokenizer.from_pretrained(tmp_path, model_max_length=2)
    for truncation in (True, False, None):
        encoded = short(CORPUS, is_split_into_words=True, truncation=truncation)
        assert list(map(len, encoded["input_ids"])) == [6, 4]
        assert len(short("The cat sat in New York.", truncation=truncation)["input_ids"]) == 7
    assert not caplog.records


def test_a_length_that_would_cut_is_an_error():
    assert len(TOKENIZER(CORPUS[0], is_split_into_words=True, truncation=True, max_length=6)["input_ids"]) == 6
    with pytest.raises(ValueError, match="sentence 0 has 6 words, max_length=5: a tagger cuts no sentence"):
        TOKENIZER(CORPUS, is_split_into_words=True, truncation=True, max_length=5)


def test_left_padding_is_refused():
    with pytest.raises(ValueError, match="padding_side='left'"):
        TOKENIZER(CORPUS, is_split_into_words=True, padding=True, padding_side="left")
    with pytest.raises(ValueError, match="padding_side='left'"):
        TOKENIZER.pad([TOKENIZER("a")], padding_side="left")


def test_pairs_are_refused():
    with pytest.raises(ValueError, match="single sentences, no pairs"):
        TOKENIZER("a", "b")


# --- raw text

TEXT = "Dr. Smith doesn't live in New York (N.Y.)."


def test_raw_text_with_offsets():
    encoded = TOKENIZER(TEXT, return_offsets_mapping=True)
    found = [TEXT[start:end] for start, end in encoded["offset_mapping"]]
    assert found == ["Dr.", "Smith", "does", "n't", "live", "in", "New", "York", "(", "N.Y.", ")", "."]
    assert encoded.word_ids() == list(range(12))
    assert tuple(encoded.token_to_chars(1)) == (4, 9)
    assert encoded.char_to_token(TEXT.index("York")) == 7
    assert TOKENIZER.split(TEXT)[1] == ("Smith", 4, 9)
    assert TOKENIZER.is_fast  # what pipelines ask before they ask for offsets
    assert encoded.is_fast


@given(st.lists(st.text(), min_size=1, max_size=3))
@settings(deadline=None)
def test_raw_text_is_encoded_as_its_words(texts):
    split = [[word for word, _, _ in TOKENIZER.split(text)] for text in texts]
    assert_equal(
        TOKENIZER(texts, padding=True, return_tensors="pt"),
        TOKENIZER(split, is_split_into_words=True, padding=True, return_tensors="pt"),
    )


def test_lists_of_words_are_no_raw_text():
    with pytest.raises(ValueError, match=r"text 1 is \['b'\], no text; lists of words need is_split_into_words=True"):
        TOKENIZER(["a", ["b"]])


def test_tokenize_gives_entries_of_the_vocabulary():
    assert TOKENIZER.tokenize("The CAT, 1990") == ["the", "cat", "[UNK]", "[NUM]"]


# --- ids and text


def test_ids_and_entries_of_the_vocabulary_correspond():
    everything = list(range(TOKENIZER.vocab_size))
    entries = TOKENIZER.convert_ids_to_tokens(everything)
    assert entries[:3] == ["[PAD]", "[UNK]", "[NUM]"]
    assert TOKENIZER.convert_tokens_to_ids(entries) == everything
    assert TOKENIZER.get_vocab() == dict(zip(entries, everything, strict=True))
    assert len(TOKENIZER) == TOKENIZER.vocab_size
    assert (TOKENIZER.pad_token_id, TOKENIZER.unk_token_id) == (0, 1)
    assert TOKENIZER.convert_tokens_to_ids("never seen") == 1


def test_character_ids_are_below_the_size():
    everything = {c for sentence in CORPUS for word in sentence for c in word}
    assert TOKENIZER.char_vocab_size == len(everything) + 2
    assert max(map(max, TOKENIZER(sorted(everything), is_split_into_words=True)["char_ids"])) == len(everything) + 1


def test_decode():
    ids = TOKENIZER(CORPUS, is_split_into_words=True, padding=True, return_tensors="pt")["input_ids"]
    assert TOKENIZER.decode(ids[0]) == "the cat sat in [NUM] ."
    assert TOKENIZER.decode(ids[1], skip_special_tokens=True) == "the dog [pad] new york"


@pytest.mark.parametrize("index", [-1, 10_000])
def test_there_is_no_such_word_id(index):
    with pytest.raises(ValueError, match=f"word id {index} should be in 0 to"):
        TOKENIZER.convert_ids_to_tokens(index)


def test_words_cannot_be_added():
    with pytest.raises(ValueError, match="'zebra' cannot be added"):
        TOKENIZER.add_tokens(["zebra"])
    with pytest.raises(ValueError, match="'<s>' cannot be added"):
        TaggerTokenizer.train_from_words(CORPUS).add_special_tokens({"bos_token": "<s>"})


@pytest.mark.parametrize("limit", [1, 0, -3])
def test_a_word_needs_two_characters_to_have_two_ends(limit):
    with pytest.raises(ValueError, match=f"max_word_length={limit} should be at least 2"):
        TaggerTokenizer.train_from_words(CORPUS, max_word_length=limit)


# --- putting sentences together


@given(sentences.filter(any))
@settings(deadline=None)
def test_padding_single_sentences_equals_one_batch(batch):
    singles = [TOKENIZER(sentence, is_split_into_words=True) for sentence in batch]
    expected = TOKENIZER(batch, is_split_into_words=True, padding=True, return_tensors="pt")
    assert_equal(TOKENIZER.pad(singles, return_tensors="pt"), expected)
    assert_equal(TOKENIZER.pad(TOKENIZER(batch, is_split_into_words=True), return_tensors="pt"), expected)


def test_padding_tensors_gives_tensors():
    singles = [{name: torch.tensor(v) for name, v in TOKENIZER(s, is_split_into_words=True).items()} for s in CORPUS]
    assert_equal(TOKENIZER.pad(singles), TOKENIZER(CORPUS, is_split_into_words=True, padding=True, return_tensors="pt"))


def test_the_collator_of_transformers_works():
    features = [dict(TOKENIZER(s, is_split_into_words=True)) | {"labels": [7] * len(s)} for s in CORPUS]
    batch = DataCollatorForTokenClassification(TOKENIZER)(features)
    assert batch.pop("labels").tolist() == [[7] * 6, [7] * 4 + [-100] * 2]
    assert_equal(batch, TOKENIZER(CORPUS, is_split_into_words=True, padding=True, return_tensors="pt"))


# --- saving and loading


def ids_of(tokenizer, batch) -> dict[str, list]:
    encoded = tokenizer(batch, is_split_into_words=True, padding=True, return_tensors="pt")
    return {name: tensor.tolist() for name, tensor in encoded.items()}


@given(sentences, st.booleans(), st.booleans(), st.integers(2, 9))
@settings(max_examples=20, deadline=None)
def test_loaded_it_gives_the_same_ids(tmp_path_factory, batch, lowercase, number_symbol, max_word_length):
    tokenizer = TaggerTokenizer.train_from_words(
        [*CORPUS, *batch],
        lowercase=lowercase,
        number_symbol=number_symbol,
        max_word_length=max_word_length,
        min_count=1,
    )
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.save_pretrained(folder)
    register_tokenizers()
    probe = [*batch, ["THE", "the", "7", "1990", "x" * 30]]
    for load in (TaggerTokenizer.from_pretrained, AutoTokenizer.from_pretrained):
        loaded = load(folder)
        assert type(loaded) is TaggerTokenizer
        assert loaded.vocabulary == tokenizer.vocabulary
        assert ids_of(loaded, probe) == ids_of(tokenizer, probe)


def test_saving_again_changes_no_byte(tmp_path):
    TOKENIZER.save_pretrained(tmp_path / "once")
    TaggerTokenizer.from_pretrained(tmp_path / "once").save_pretrained(tmp_path / "twice")
    assert (tmp_path / "once/vocabulary.json").read_bytes() == (tmp_path / "twice/vocabulary.json").read_bytes()
    config = (tmp_path / "twice/tokenizer_config.json").read_text()
    assert str(tmp_path) not in config


def test_only_json_is_written(tmp_path):
    TOKENIZER.save_pretrained(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"tokenizer_config.json", "vocabulary.json"}
    for path in tmp_path.iterdir():
        json.loads(path.read_text(encoding="utf-8"))


def test_auto_tokenizer_reads_it_beside_a_models_configuration(tmp_path):
    register_tokenizers()
    SluiceConfig(tasks=[{"name": "pos", "labels": ["A", "B"], "kind": "classification"}]).save_pretrained(tmp_path)
    TOKENIZER.save_pretrained(tmp_path)
    assert ids_of(AutoTokenizer.from_pretrained(tmp_path), CORPUS) == ids_of(TOKENIZER, CORPUS)


def test_a_folder_without_its_vocabulary_is_named(tmp_path):
    TOKENIZER.save_pretrained(tmp_path)
    (tmp_path / "vocabulary.json").write_text("{}")
    with pytest.raises(ValueError, match=r"vocabulary\.json: not a tagger's vocabulary, 'lowercase' is missing"):
        TaggerTokenizer.from_pretrained(tmp_path)
    with pytest.raises(ValueError, match="no vocabulary: train one"):
        TaggerTokenizer()


LOAD_WITHOUT_PACKAGE = """
import importlib.util, json, sys
assert importlib.util.find_spec("hf_sluice") is None, "the package is not hidden"
from transformers import AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1], trust_remote_code=True)
batch = json.loads(sys.argv[2])
encoded = tokenizer(batch, is_split_into_words=True, padding=True, return_tensors="pt")
print(json.dumps({name: tensor.tolist() for name, tensor in encoded.items()}))
tokenizer.save_pretrained(sys.argv[3])
"""


def load_without_package(tmp_path, folder, batch, again) -> dict[str, list]:
    """Loads in a fresh process that cannot import the package: isolated, and without what installs it as editable."""
    environment = os.environ | {"HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"}
    paths = [path for path in sys.path if path.endswith("site-packages")]
    hide = f"import sys; sys.path += {paths!r}\n"  # -S: no .pth files, hence no editable installation
    command = [sys.executable, "-I", "-S", "-c", hide + LOAD_WITHOUT_PACKAGE, folder, json.dumps(batch), again]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


@pytest.mark.slow
def test_the_folder_is_enough_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(TaggerTokenizer, "_auto_class", None)
    TaggerTokenizer.register_for_auto_class()
    TOKENIZER.save_pretrained(tmp_path / "model")
    batch = [["The", "[PAD]", "7", "a b", "Zebra" * 9], ["dog"]]
    first = load_without_package(tmp_path, tmp_path / "model", batch, tmp_path / "again")
    assert first == ids_of(TOKENIZER, batch)
    assert load_without_package(tmp_path, tmp_path / "again", batch, tmp_path / "third") == first
