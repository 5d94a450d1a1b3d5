from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.tagger_vocabulary import TaggerVocabulary, is_number

SYMBOLS = ("[PAD]", "[UNK]", "[NUM]")
word_lists = st.lists(
    st.lists(st.text(st.sampled_from("abAB1É\n\u0301"), min_size=1, max_size=3), max_size=5), max_size=5
).filter(any)


@given(word_lists)
def test_words_stand_by_frequency_then_alphabet(sentences):
    counts = Counter(word.lower() for sentence in sentences for word in sentence if not is_number(word))
    expected = sorted(counts, key=lambda word: (-counts[word], word))
    assert TaggerVocabulary.count(sentences).words == (*SYMBOLS, *expected)


@given(word_lists)
def test_characters_are_counted_as_written(sentences):
    counts = Counter(character for sentence in sentences for word in sentence for character in word)
    expected = sorted(counts, key=lambda character: (-counts[character], character))
    assert TaggerVocabulary.count(sentences).characters == ("[PAD]", "[UNK]", *expected)


@given(word_lists, st.randoms(use_true_random=False))
def test_the_order_of_the_sentences_changes_nothing(sentences, source):
    shuffled = list(sentences)
    source.shuffle(shuffled)
    assert TaggerVocabulary.count(sentences) == TaggerVocabulary.count(shuffled)


@given(word_lists)
def test_known_words_have_their_id_and_the_others_a_symbol(sentences):
    vocabulary = TaggerVocabulary.count(sentences, min_count=2)
    for word in (word for sentence in sentences for word in sentence):
        found = vocabulary.words[vocabulary.word_id(word)]
        if is_number(word):
            assert found == "[NUM]"
        else:
            assert found == (word.lower() if word.lower() in vocabulary.words else "[UNK]")


@pytest.mark.parametrize(
    "word", ["7", "1,000", "1,000.50", "-5", "+3.5", ".5", "10:30", "3/4", "1990-91", "1990–91", "٣", "−2"]
)
def test_numbers(word):
    assert is_number(word)


@pytest.mark.parametrize("word", ["", "a", "3rd", "1990s", "5%", "$5", "5.", "-", ".", "1--2", "1,", "x1", "1 2", "½"])
def test_no_numbers(word):
    assert not is_number(word)


def test_limits():
    sentences = [["a", "a", "a", "b", "b", "c", "c", "d"]]
    assert TaggerVocabulary.count(sentences, min_count=2).words[3:] == ("a", "b", "c")
    assert TaggerVocabulary.count(sentences, max_words=2).words[3:] == ("a", "b")
    assert TaggerVocabulary.count(sentences, min_count=9).words == SYMBOLS


def test_occurrences_in_both_cases_count_together():
    assert TaggerVocabulary.count([["The", "the", "b"]], min_count=2).words[3:] == ("the",)


def test_case_and_numbers_are_kept_when_asked():
    vocabulary = TaggerVocabulary.count([["The", "the", "7"]], lowercase=False, number_symbol=False)
    assert vocabulary.words[3:] == ("7", "The", "the")
    assert vocabulary.word_id("THE") == 1
    assert vocabulary.word_id("8") == 1


@pytest.mark.parametrize("word", SYMBOLS)
def test_a_word_spelled_like_a_symbol_is_none(word):
    vocabulary = TaggerVocabulary.count([[word, "a"]], lowercase=False)
    assert vocabulary.words == (*SYMBOLS, "a")
    assert vocabulary.word_id(word) == 1


@given(word_lists, st.booleans(), st.booleans())
def test_saved_and_loaded_it_is_the_same(tmp_path_factory, sentences, lowercase, number_symbol):
    vocabulary = TaggerVocabulary.count(sentences, lowercase=lowercase, number_symbol=number_symbol)
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.json"
    vocabulary.save(path)
    loaded = TaggerVocabulary.load(path)
    assert loaded == vocabulary
    assert loaded.ids == vocabulary.ids


def test_the_place_in_the_file_is_the_id(tmp_path):
    vocabulary = TaggerVocabulary.count([["b", "a", "a"]])
    vocabulary.save(tmp_path / "v.json")
    words = json.loads((tmp_path / "v.json").read_text())["words"]
    assert [vocabulary.word_id(word) for word in words[3:]] == [3, 4]


GOOD = {"lowercase": True, "number_symbol": True, "words": [*SYMBOLS, "a"], "characters": ["[PAD]", "[UNK]", "a"]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a tagger's vocabulary"),
        ("[]", "not a tagger's vocabulary"),
        ("\xff", "not a tagger's vocabulary"),
        ({key: GOOD[key] for key in GOOD if key != "words"}, "'words' is missing"),
        (GOOD | {"words": ["a"]}, r"words should begin with \[PAD\], \[UNK\], \[NUM\]"),
        (GOOD | {"words": [*SYMBOLS, "a", "a"]}, "words: 'a' stands twice"),
        (GOOD | {"words": [*SYMBOLS, 3]}, "words should be texts"),
        (GOOD | {"words": None}, "not a tagger's vocabulary"),
        (GOOD | {"characters": ["a"]}, "characters should begin with"),
        (GOOD | {"characters": ["[PAD]", "[UNK]", "ab"]}, "characters should be single"),
    ],
)
def test_a_damaged_file_is_named(tmp_path, content, message):
    path = tmp_path / "vocabulary.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="latin-1")
    with pytest.raises(ValueError, match=message) as caught:
        TaggerVocabulary.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("sentences", "options", "message"),
    [
        ([], {}, "no words"),
        ([[]], {}, "no words"),
        ([["a"], ["b", ""]], {}, "sentence 1, word 1 is empty"),
        ([["a"], "b"], {}, "sentence 1 is 'b'"),
        ([["a"]], {"min_count": 0}, "min_count=0"),
        ([["a"]], {"max_words": 0}, "max_words=0"),
    ],
)
def test_bad_training_input(sentences, options, message):
    with pytest.raises(ValueError, match=message):
        TaggerVocabulary.count(iter(sentences), **options)
