"""The words and characters that a tagger knows, and how a written word is looked up."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from .word_checks import check_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

PAD, UNKNOWN, NUMBER = "[PAD]", "[UNK]", "[NUM]"
WORD_SYMBOLS = (PAD, UNKNOWN, NUMBER)
CHARACTER_SYMBOLS = (PAD, UNKNOWN)
UNKNOWN_ID, NUMBER_ID = 1, 2

_FIELDS = ("lowercase", "number_symbol", "characters", "words")
_NUMBER = re.compile(r"[-+\u2212]?[.,]?\d+(?:[-.,:/\u2013]\d+)*")


def is_number(word: str) -> bool:
    """Whether a word is digits of any script, with a sign, separators (``1,000.5 10:30 1990-91``) or none."""
    return _NUMBER.fullmatch(word) is not None


@dataclass(frozen=True)
class TaggerVocabulary:
    """Words and characters in the order of their ids.

    Args:
        words: ``[PAD]``, ``[UNK]``, ``[NUM]``, then the words, lower-cased where ``lowercase`` says so.
        characters: ``[PAD]``, ``[UNK]``, then the characters (Unicode code points, cased).
        lowercase: words are looked up in lower case (Ruder et al. 2019).
        number_symbol: numbers are looked up as ``[NUM]``.

    Raises:
        ValueError: an id is missing or an entry stands twice.
    """

    words: tuple[str, ...]
    characters: tuple[str, ...]
    lowercase: bool = True
    number_symbol: bool = True
    ids: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_entries("words", self.words, WORD_SYMBOLS)
        _check_entries("characters", self.characters, CHARACTER_SYMBOLS)
        if any(len(character) != 1 for character in self.characters[len(CHARACTER_SYMBOLS) :]):
            raise ValueError("characters should be single characters")
        # Without the symbols: a word of a text that is spelled "[PAD]" is a word like any other.
        ids = {word: i for i, word in enumerate(self.words) if i >= len(WORD_SYMBOLS)}
        object.__setattr__(self, "ids", ids)

    @classmethod
    def count(
        cls,
        sentences: Iterable[Sequence[str]],
        *,
        min_count: int = 1,
        max_words: int | None = None,
        lowercase: bool = True,
        number_symbol: bool = True,
    ) -> Self:
        """Collects the words and characters of a text, the frequent ones first, ties in alphabetical order.

        Args:
            sentences: the words of each sentence.
            min_count: words seen less often, after lower-casing, are left out; at least 1.
            max_words: at most so many words are kept, the symbols not counted.
            lowercase: as in the class.
            number_symbol: as in the class.

        Raises:
            ValueError: there are no words, one is empty, or a limit is below 1.
        """
        if min_count < 1 or (max_words is not None and max_words < 1):
            raise ValueError(f"min_count={min_count} and max_words={max_words} should be at least 1")
        counts = _count_words(sentences)
        words: Counter[str] = Counter()
        characters: Counter[str] = Counter()
        for word, count in counts.items():
            for character in word:
                characters[character] += count
            if not (number_symbol and is_number(word)):
                words[word.lower() if lowercase else word] += count
        for symbol in WORD_SYMBOLS:
            del words[symbol]
        kept = [word for word in _by_frequency(words) if words[word] >= min_count][:max_words]
        return cls(
            (*WORD_SYMBOLS, *kept),
            (*CHARACTER_SYMBOLS, *_by_frequency(characters)),
            lowercase=lowercase,
            number_symbol=number_symbol,
        )

    def word_id(self, word: str) -> int:
        """The id under which a written word is known: its own, the number symbol's or the unknown symbol's."""
        if self.number_symbol and is_number(word):
            return NUMBER_ID
        return self.ids.get(word.lower() if self.lowercase else word, UNKNOWN_ID)

    def save(self, path: Path) -> None:
        """Writes it as JSON, one entry a line, its id being its place."""
        fields = {name: getattr(self, name) for name in _FIELDS}
        path.write_text(json.dumps(fields, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Reads what :meth:`save` wrote.

        Raises:
            ValueError: the file is damaged or of another kind; the message names it.
        """
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            values = {name: fields[name] for name in _FIELDS}
            return cls(**values | {name: tuple(values[name]) for name in ("words", "characters")})
        except KeyError as error:
            raise ValueError(f"{path}: not a tagger's vocabulary, {error} is missing") from None
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path}: not a tagger's vocabulary ({error})") from None


def _count_words(sentences: Iterable[Sequence[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start, sentence in enumerate(sentences):
        check_words([sentence], first=start)
        counts.update(sentence)
    if not counts:
        raise ValueError("there are no words to build a vocabulary from")
    return counts


def _by_frequency(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda entry: (-counts[entry], entry))


def _check_entries(name: str, entries: Sequence[str], symbols: Sequence[str]) -> None:
    if tuple(entries[: len(symbols)]) != tuple(symbols):
        raise ValueError(f"{name} should begin with {', '.join(symbols)}")
    if len(set(entries)) != len(entries):
        raise ValueError(f"{name}: {Counter(entries).most_common(1)[0][0]!r} stands twice")
    if not all(isinstance(entry, str) and entry for entry in entries):
        raise ValueError(f"{name} should be texts that are not empty")
