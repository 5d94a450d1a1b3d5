"""The lexicon of the demo grammar: categories of words, words coined from syllables, and frames of verbs.

A lexicon is text with lines of three kinds::

    city: Washington Jordan Lincoln           words of a category, the frequent ones first
    city ~ 0.3: ash dun wal | ton ford ville   with this probability a word is coined: one part from each group
    frame hire: org person | hire appoint     verbs that take a noun of class org as subject and person as object

The category of a frame's verbs is the frame's name. How irregular words are written, ``demo_morphology.py`` says.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate, chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RANK_OFFSET = 4
"""Word number r of a category has a frequency proportional to 1 / (r + this), r from 0: a flattened Zipf law."""


@dataclass(frozen=True, slots=True)
class Coining:
    """How often a category coins a word, and the groups of parts that it is made from."""

    probability: float
    groups: tuple[tuple[str, ...], ...]

    def draw(self, draw: Callable[[], float]) -> str:
        """One part from each group."""
        return "".join(group[int(draw() * len(group))] for group in self.groups)


@dataclass(slots=True)
class Lexicon:
    """Words by category, coining by category, and (subject class, object class) by frame."""

    words: dict[str, list[str]] = field(default_factory=dict)
    coinings: dict[str, Coining] = field(default_factory=dict)
    frames: dict[str, tuple[str, str]] = field(default_factory=dict)
    _cumulative: dict[str, list[float]] = field(default_factory=dict)

    def draw(self, category: str, draw: Callable[[], float]) -> str:
        """A word of the category; KeyError for a category that does not exist."""
        coining = self.coinings.get(category)
        if coining is not None and draw() < coining.probability:
            return coining.draw(draw)
        words = self.words[category]
        if category not in self._cumulative:
            self._cumulative[category] = list(accumulate(1 / (rank + _RANK_OFFSET) for rank in range(len(words))))
        cumulative = self._cumulative[category]
        return words[bisect(cumulative, draw() * cumulative[-1])]

    def add(self, line: str) -> None:
        """Adds what one line says."""
        name, _, content = (part.strip() for part in line.partition(":"))
        if name.startswith("frame "):
            name = name.removeprefix("frame ")
            classes, _, content = content.partition("|")
            subject, object_ = classes.split()
            self.frames[name] = (subject, object_)
        if "~" in name:
            name, probability = name.split("~")
            groups = tuple(tuple(group.split()) for group in content.split("|"))
            self.coinings[name.strip()] = Coining(float(probability), groups)
        else:
            self.words[name] = content.split()


def parse_lexicon(text: str) -> Lexicon:
    """Reads the notation of this module; an indented line continues the one before it."""
    lexicon = Lexicon()
    for line in filter(None, text.replace("\n ", " ").splitlines()):
        lexicon.add(line)
    return lexicon


def join_lexicons(first: Lexicon, second: Lexicon) -> Lexicon:
    """Both lexicons' words, alternating so that both have frequent ones; the second's coinings and frames win."""
    return Lexicon(
        words={
            category: _alternate(first.words.get(category, []), second.words.get(category, []))
            for category in (first.words | second.words)
        },
        coinings=first.coinings | second.coinings,
        frames=first.frames | second.frames,
    )


def _alternate(first: Sequence[str], second: Sequence[str]) -> list[str]:
    alternating = chain.from_iterable(zip_longest(first, second))
    return list(dict.fromkeys(word for word in alternating if word is not None))
