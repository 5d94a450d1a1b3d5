"""A probabilistic grammar whose sentences come with POS, CHUNK, NER and SRL labels: its notation and its expansion.

A grammar is text. ``Symbol:`` begins a symbol, each further line is one of its expansions: a weight, then items.

===============  ======================================================================================
``word/TAG``     a word with its part of speech
``noun:NNS``     a word of the lexicon's category ``noun``, inflected for the part of speech
``Symbol``       an expansion of another symbol
``[NP`` … ``]``  a chunk; it may not contain another one
``{PER`` … ``}``  a named entity
``^item``        the item whose head word is the head word of the expansion (otherwise the last item is)
``item=ROLE``    the item's head word bears this semantic role; of nested roles the outermost counts
``item?``        the item is left out every second time
===============  ======================================================================================

A symbol ``Family.@`` stands for all symbols ``Family.anything`` that have no entry of their own; in its expansions
``@`` is *anything*, and where that is a frame of the lexicon (a class of verbs) ``@0`` and ``@1`` are the classes of
nouns that the frame takes as subject and object.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from hf_sluice.data.corpora.demo_morphology import inflect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hf_sluice.data.corpora.demo_lexicon import Lexicon

    Draw = Callable[[], float]

_ITEM = re.compile(r"(?P<head>\^)?(?P<name>[^=^]+?)(?:=(?P<role>[A-Z0-9-]+))?(?P<optional>\?)?")
_LEFT_OUT = 0.5
_AN_PRECEDES = re.compile(r"(?!uni)[aeiou]", re.IGNORECASE)
_PARAMETER = re.compile(r"@([01]?)")


@dataclass(slots=True)
class LabelledWord:
    """A word with one label per layer."""

    word: str
    pos: str
    chunk: str = "O"
    ner: str = "O"
    srl: str = "O"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an expansion."""

    name: str
    role: str | None = None
    is_head: bool = False
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Expansions:
    """The expansions of one symbol, with their cumulative weights."""

    cumulative: tuple[float, ...]
    items: tuple[tuple[Item, ...], ...]


def parse_rules(text: str) -> dict[str, list[tuple[float, str]]]:
    """Reads the notation of this module: per symbol its weighted expansions, items still as text."""
    rules: dict[str, list[tuple[float, str]]] = {}
    symbol = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.endswith(":") and " " not in line:
            symbol = line[:-1]
            rules[symbol] = []
        else:
            weight, items = line.split(maxsplit=1)
            rules[symbol].append((float(weight), items))
    return rules


def _parse_item(text: str) -> Item:
    match = _ITEM.fullmatch(text)
    if match is None:
        raise ValueError(f"not an item of the grammar: {text!r}")
    return Item(match["name"], match["role"], match["head"] is not None, match["optional"] is not None)


class Grammar:
    """Rules and a lexicon, ready to be expanded.

    Args:
        rules: as :func:`parse_rules` gives them.
        lexicon: the words of the lexical categories and the frames.
    """

    def __init__(self, rules: Mapping[str, Sequence[tuple[float, str]]], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._rules = rules
        self._resolved: dict[str, Expansions] = {}

    def expansions(self, symbol: str) -> Expansions:
        """What a symbol may become; KeyError for one that the rules do not have."""
        if symbol not in self._resolved:
            self._resolved[symbol] = self._resolve(symbol)
        return self._resolved[symbol]

    def _resolve(self, symbol: str) -> Expansions:
        family, _, argument = symbol.partition(".")
        rules = self._rules[symbol if symbol in self._rules else f"{family}.@"]
        frame = self.lexicon.frames.get(argument)

        def fill(match: re.Match[str]) -> str:
            return frame[int(match[1])] if frame and match[1] else argument

        return Expansions(
            cumulative=tuple(accumulate(weight for weight, _ in rules)),
            items=tuple(tuple(_parse_item(item) for item in _PARAMETER.sub(fill, text).split()) for _, text in rules),
        )

    def sentence(self, draw: Draw) -> list[LabelledWord]:
        """Expands ``Sentence``; ``draw`` gives independent numbers of [0, 1)."""
        expansion = _Expansion(self, draw)
        expansion.expand("Sentence")
        return _spelled(expansion.words)


class _Expansion:
    """One sentence in the making: the words so far, and the chunk and entity that are open."""

    def __init__(self, grammar: Grammar, draw: Draw) -> None:
        self.words: list[LabelledWord] = []
        self._grammar = grammar
        self._draw = draw
        self._open = {"chunk": "O", "ner": "O"}

    def expand(self, symbol: str) -> LabelledWord | None:
        """Appends an expansion of the symbol and returns its head word."""
        expansions = self._grammar.expansions(symbol)
        drawn = self._draw() * expansions.cumulative[-1]
        head, head_is_marked = None, False
        for item in expansions.items[bisect(expansions.cumulative, drawn)]:
            if item.is_optional and self._draw() < _LEFT_OUT:
                continue
            word = self._emit(item.name)
            if word is not None and item.role is not None:
                word.srl = item.role
            if word is not None and (item.is_head or not head_is_marked):
                head, head_is_marked = word, item.is_head
        return head

    def _emit(self, name: str) -> LabelledWord | None:
        if name[0] in "[{" and len(name) > 1:
            self._open["chunk" if name[0] == "[" else "ner"] = f"B-{name[1:]}"
            return None
        if name in ("]", "}"):
            self._open["chunk" if name == "]" else "ner"] = "O"
            return None
        if "/" in name:
            return self._append(*name.rsplit("/", 1))
        if ":" in name:
            category, tag = name.split(":")
            return self._append(inflect(self._grammar.lexicon.draw(category, self._draw), tag), tag)
        return self.expand(name)

    def _append(self, word: str, tag: str) -> LabelledWord:
        labelled = LabelledWord(word, tag, **self._open)
        self.words.append(labelled)
        for layer, label in self._open.items():
            if label != "O":
                self._open[layer] = f"I-{label[2:]}"
        return labelled


def _spelled(words: list[LabelledWord]) -> list[LabelledWord]:
    """Writes *an* before vowels and the first word with a capital."""
    for word, following in pairwise(words):
        if word.word == "a" and _AN_PRECEDES.match(following.word):
            word.word = "an"
    words[0].word = words[0].word[0].upper() + words[0].word[1:]
    return words
