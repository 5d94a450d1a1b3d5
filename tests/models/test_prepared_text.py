import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.prepared_text import is_one_text, iterate_texts, prepare_raw_text, prepare_words
from hf_sluice.models.word_splitting import split_words

texts = st.text(st.sampled_from("ab .,\n\r\t'é👩\u200d\u0301\x00\ufeffم1")) | st.text()


@given(texts, st.booleans())
def test_every_word_is_a_slice_of_the_text(text, split_lines):
    prepared = prepare_raw_text(text, 0, split_words, split_lines=split_lines)
    assert [text[start:end] for start, end in prepared.offsets] == prepared.words
    assert [word for sentence in prepared.sentences for word in sentence] == prepared.words
    assert all(prepared.sentences)
    if prepared.words:
        first, last = prepared.offsets[0][0], prepared.offsets[-1][1]
        assert prepared.written(0, len(prepared.words)) == text[first:last]


def test_a_text_is_one_sentence_or_one_for_each_line():
    text = "Ann saw.\n\n  \nIt's\r\nin "
    assert prepare_raw_text(text, 0, split_words).sentences == [["Ann", "saw", ".", "It", "'s", "in"]]
    lines = prepare_raw_text(text, 0, split_words, split_lines=True)
    assert lines.sentences == [["Ann", "saw", "."], ["It", "'s"], ["in"]]
    assert lines.written(3, 5) == "It's"


def test_given_words_stay_as_they_are_and_are_numbered():
    prepared = prepare_words(("a b", " ", "c"), 0)
    assert prepared.sentences == [["a b", " ", "c"]]
    assert prepared.offsets == [(0, 1), (1, 2), (2, 3)]
    assert prepared.written(0, 3) == "a b   c"
    assert prepare_words([], 0).sentences == []


@pytest.mark.parametrize("text", [None, 3, 2.5, b"ab", ["a"], {"text": "a"}])
def test_what_is_no_text_is_named(text):
    with pytest.raises(ValueError, match=r"^text 7 is .*, no text; lists of words need is_split_into_words=True, and"):
        prepare_raw_text(text, 7, split_words)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("a b", "sentence 7 is 'a b'; it should be a list of words"),
        (None, "sentence 7 is None; it should be a list of words"),
        (["a", None], "sentence 7, word 1 is None; a word should be text"),
        (["a", "b", ""], "sentence 7, word 2 is empty"),
        ([["a"]], r"sentence 7, word 0 is \['a'\]; a word should be text"),
    ],
)
def test_what_is_no_word_is_named(words, message):
    with pytest.raises(ValueError, match=message):
        prepare_words(words, 7)


def test_one_text_is_told_from_several():
    assert is_one_text("a b", is_split_into_words=False)
    assert is_one_text("", is_split_into_words=False)
    assert is_one_text(["a", "b"], is_split_into_words=True)
    assert is_one_text(("a",), is_split_into_words=True)
    assert not is_one_text(["a"], is_split_into_words=False)
    for several in ([], [["a"]], [[]], iter([["a"]])):
        assert not is_one_text(several, is_split_into_words=True)


class Column:
    """As KeyDataset is: no iteration, no IndexError at the end."""

    def __len__(self):
        return 2

    def __getitem__(self, number):
        return f"text {number}"


def test_texts_are_read_from_whatever_holds_them():
    assert list(iterate_texts(["a", "b"])) == list(iterate_texts(text for text in ("a", "b"))) == ["a", "b"]
    assert list(iterate_texts(Column())) == ["text 0", "text 1"]


@pytest.mark.parametrize("inputs", [None, 3, b"ab", "ab", {"text": ["a"]}])
def test_what_holds_no_texts_is_refused(inputs):
    with pytest.raises(ValueError, match="is neither a text nor several; lists of words need is_split_into_words=True"):
        iterate_texts(inputs)
