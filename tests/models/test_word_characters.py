import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from hf_sluice.models.word_characters import read_word_chars, write_word_chars

TOKENIZER = TaggerTokenizer.train_from_words([["The", "cat", "é", "👩", "[PAD]"]], max_word_length=6)
sentences = st.lists(st.lists(st.sampled_from(["The", "cat", "?", "unknown", "é👩"]) | st.text(min_size=1), max_size=5))


@given(sentences)
def test_what_is_read_has_the_characters_of_every_word(batch):
    written = TOKENIZER.encode_words(batch).batch(range(len(batch)))
    mask = written["attention_mask"]
    word_chars = write_word_chars(written["char_ids"], written["char_index"], mask)
    char_ids, char_index = read_word_chars(word_chars, mask)
    width = max(char_ids.shape[1], written["char_ids"].shape[1])

    def characters(table, index):
        return torch.nn.functional.pad(table, (0, width - table.shape[1]))[index[mask.bool()]]

    assert torch.equal(characters(char_ids, char_index), characters(written["char_ids"], written["char_index"]))
    assert len(char_ids) == len(written["char_ids"])
    assert char_index.shape == mask.shape


def test_each_word_is_closed_by_a_zero():
    char_ids, char_index = torch.tensor([[5, 6, 7], [8, 0, 0]]), torch.tensor([[0, 1, 0], [1, 0, 0]])
    mask = torch.tensor([[1, 1, 1], [1, 0, 0]])
    expected = [[5, 6, 7, 0, 8, 0, 5, 6, 7, 0], [8, 0, 0, 0, 0, 0, 0, 0, 0, 0]]
    assert write_word_chars(char_ids, char_index, mask).tolist() == expected


def test_rows_can_be_read_by_themselves_and_padded_further():
    written = TOKENIZER([["The", "cat"], ["unknown"]], is_split_into_words=True, padding=True, return_tensors="pt")
    word_chars = write_word_chars(written["char_ids"], written["char_index"], written["attention_mask"])
    wider = torch.nn.functional.pad(word_chars[1:], (0, 3))
    char_ids, char_index = read_word_chars(wider, written["attention_mask"][1:])
    assert char_ids.tolist() == [written["char_ids"][2].tolist()]
    assert char_index.tolist() == [[0, 0]]


def test_other_words_than_tokens_are_refused():
    with pytest.raises(ValueError, match="word_chars: 2 words, input_ids: 3; they should be the same"):
        read_word_chars(torch.tensor([[5, 0, 6, 0]]), torch.ones(1, 3, dtype=torch.int64))


def test_the_tokenizer_gives_them_along_with_offsets():
    plain = TOKENIZER(["The cat", ""], padding=True, return_tensors="pt")
    asked = TOKENIZER(["The cat", ""], padding=True, return_tensors="pt", return_offsets_mapping=True)
    assert set(asked) - set(plain) == {"offset_mapping", "word_chars"}
    expected = write_word_chars(plain["char_ids"], plain["char_index"], plain["attention_mask"])
    assert torch.equal(asked["word_chars"], expected)
    nothing = TOKENIZER("", return_tensors="pt", return_offsets_mapping=True, return_special_tokens_mask=True)
    assert nothing["offset_mapping"].shape == (1, 0, 2)
    assert nothing["special_tokens_mask"].dtype == torch.int64
