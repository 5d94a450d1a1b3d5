"""How a long sentence is read in overlapping windows, and which window each word's scores are taken from."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple


class WordWindow(NamedTuple):
    """Words ``start`` to ``end`` (exclusive) of a sentence, read together; those that it is read for are kept.

    Args:
        start: first word that is read.
        end: the one after the last.
        kept_start: first word whose scores are taken from this window.
        kept_end: the one after the last.
    """

    start: int
    end: int
    kept_start: int
    kept_end: int

    @property
    def kept(self) -> slice:
        """Where the kept words stand among those of the window."""
        return slice(self.kept_start - self.start, self.kept_end - self.start)


def word_windows(length: int, window_size: int, overlap: int) -> list[WordWindow]:
    """The windows of a sentence.

    One that is not longer than a window is read as a whole. Otherwise all windows are of the same size, each begins
    ``window_size - overlap`` words after the one before, except that the last ends with the sentence. Each word belongs
    to the window in which it stands furthest from an edge, and to the first of two such windows.

    Args:
        length: words of the sentence, at least 0.
        window_size: at least 1.
        overlap: words that neighbouring windows have in common at least, from 0 to ``window_size - 1``.
    """
    if length <= window_size:
        return [WordWindow(0, length, 0, length)]
    starts = [*range(0, length - window_size, window_size - overlap), length - window_size]
    cuts = [(before + after + window_size + 1) // 2 for before, after in pairwise(starts)]
    return [
        WordWindow(start, start + window_size, *kept)
        for start, kept in zip(starts, pairwise([0, *cuts, length]), strict=True)
    ]
