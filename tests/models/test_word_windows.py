from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.word_windows import WordWindow, word_windows

sizes = st.integers(1, 12).flatmap(lambda size: st.tuples(st.integers(0, 60), st.just(size), st.integers(0, size - 1)))


def window_of(word, windows):
    """The window in which a word stands furthest from an edge, the first of several."""
    holding = [window for window in windows if window.start <= word < window.end]
    return max(holding, key=lambda window: min(word - window.start, window.end - 1 - word))


@given(sizes)
def test_each_word_is_kept_where_it_stands_furthest_from_an_edge(lengths):
    length, _, _ = lengths
    windows = word_windows(*lengths)
    assert [word for window in windows for word in range(window.kept_start, window.kept_end)] == list(range(length))
    for word in range(length):
        window = window_of(word, windows)
        assert window.kept_start <= word < window.kept_end


@given(sizes)
def test_windows_cover_the_sentence_and_have_enough_in_common(lengths):
    length, size, overlap = lengths
    windows = word_windows(*lengths)
    assert (windows[0].start, windows[-1].end) == (0, length)
    assert {window.end - window.start for window in windows} == {min(size, length)}
    for before, after in pairwise(windows):
        assert before.end - after.start >= overlap
        assert after.start > before.start
    if length > size:
        assert len(windows) == 1 + -(-(length - size) // (size - overlap))


@given(sizes)
def test_kept_words_are_found_within_their_window(lengths):
    words = list(range(lengths[0]))
    windows = word_windows(*lengths)
    assert [word for window in windows for word in words[window.start : window.end][window.kept]] == words


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((4, 4, 2), [WordWindow(0, 4, 0, 4)]),
        ((0, 4, 2), [WordWindow(0, 0, 0, 0)]),
        ((5, 4, 2), [WordWindow(0, 4, 0, 3), WordWindow(1, 5, 3, 5)]),
        ((8, 4, 2), [WordWindow(0, 4, 0, 3), WordWindow(2, 6, 3, 5), WordWindow(4, 8, 5, 8)]),
    ],
)
def test_windows_by_hand(lengths, expected):
    assert word_windows(*lengths) == expected
