from __future__ import annotations

import pytest

from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError
from hf_sluice.prediction.sentences import UntaggedSentence


@pytest.mark.parametrize("words", [["a"], ["ä", "😀", "\u00a0", "\t"], ("a b", "#")])
def test_words_of_any_characters_are_words(words):
    assert UntaggedSentence(words, Place("f", 3)).words == words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "without words"),
        (["a", ""], "word 2 is empty"),
        (["a", 1], "word 2 is 1"),
        (["a", None], "word 2 is None"),
        (["\ud83d"], "word 1 holds half of a surrogate pair"),
    ],
)
def test_what_is_no_word_is_an_error_with_its_place(words, message):
    with pytest.raises(DataError, match=f"^f:3: .*{message}"):
        UntaggedSentence(words, Place("f", 3))
