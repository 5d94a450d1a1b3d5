from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.models.word_splitting import split_words


def words(text: str) -> list[str]:
    return [word for word, _, _ in split_words(text)]


EXAMPLES = [
    "Dr. Smith does|n't live in New York (|N.Y.|)|.",
    "It|'s 5:30 p.m. on 1,000.50 days|, is|n't it|?!",
    "ca|n't|, can|not|, should|n't|'ve|, we|'ll|, I|'m|, they|'d|, you|'re|, do|n\u2019t",
    "the dog|'s tail|, the dogs|' tails",
    "\"|quoted|\" '|single|' (|see|[|2|]|)|:| ``|x",
    "a state-of-the-art U.S.-based well-known e.g. i.e. Ph.D. vs. etc.",
    "See http://x.org/don't http://www.example.com/a?b=c.d|. Mail me@ex-am.ple.com|, or www.x.org|!",
    "great|.|I loved example.com and|/|or AT&T",
    "-5 +3.5 .5 10-15 3/4 1/2/2003 $|5 5|% -|x 1990s 3rd",
    "word|--|word wait|... no|... ha|!!!",
    "I|. J. R. R. Tolkien wrote No. 5|. No|. He said so",
    "rock'n'roll O'Brien|'s the '90s 'em n't 's '|smart",
    "@user #tag #|5 __init__ snake_case",
    "नमस्ते दुनिया e\u0301te\u0301 naïve Müller|'s",
    "👩\u200d👩\u200d👧 👍🏽 🇩🇪|🇫🇷 ☝\ufe0f|!",
    "a\u200b|b\ufeff",
]


@pytest.mark.parametrize("marked", EXAMPLES)
def test_examples(marked):
    """A bar marks where words meet without a space."""
    expected = marked.replace("|", " ").replace("\u200b", " ").replace("\ufeff", " ").split()
    assert words(marked.replace("|", "")) == expected


PIECES = [
    *(
        "can",
        "not",
        "n't",
        "'s",
        "'",
        "\u2019",
        ".",
        "..",
        "U",
        "S",
        "Dr",
        "No",
        "a",
        "1",
        ",",
        ":",
        "/",
        "-",
        "_",
        "&",
        "@",
    ),
    *("#", "www.", "http://", " ", "\r\n", "e\u0301", "\u0301", "\u0600", "👩", "\u200d", "\u200b"),
]
texts = st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
BETWEEN_WORDS = regex.compile(r"[\s\u200b\ufeff]*")


@given(texts)
@settings(max_examples=500)
def test_words_are_slices_in_order_and_only_space_is_left_out(text):
    end_before = 0
    for word, start, end in split_words(text):
        assert text[start:end] == word
        assert start < end
        assert BETWEEN_WORDS.fullmatch(text[end_before:start])
        assert not regex.search(r"[\s\u200b\ufeff]", word)
        end_before = end
    assert BETWEEN_WORDS.fullmatch(text[end_before:])


@given(texts, texts)
def test_splitting_never_looks_across_a_blank_line(first, second):
    assert words(first + " \n\n\x00 " + second) == [*words(first), "\x00", *words(second)]


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        ".",
        "'",
        "a.",
        "a'",
        "a-",
        "+%",
        "1,",
        "n't",
        "'s",
        "U.",
        "\u0301",
        "x\u200d",
        "http://",
        "www.(",
        "@",
        "can",
        "not",
    ],
)
def test_a_long_run_is_split_in_one_go(piece):
    """No pattern backtracks over its whole run: 200,000 characters would then take minutes or hours."""
    text = piece * (200_000 // len(piece))
    assert "".join(words(text)) == text
