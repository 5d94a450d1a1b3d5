"""Raw text to words by rule, near the conventions of the Penn Treebank.

Three departures: hyphenated words stay whole (as in the first treebanks), nothing is rewritten (quotes stay as they
are, so that every word is a slice of the text), and runs of ``!`` and ``?`` stay together (as web treebanks have them).
"""

from __future__ import annotations

from itertools import pairwise

import regex

# A letter, digit or underscore and the combining marks that belong to it.
_CHARACTER = r"[\p{L}\p{N}_][\p{M}\u200c\u200d]*+"
_WORD = rf"(?:{_CHARACTER})++"
_BEFORE = r"(?<![\p{L}\p{N}\p{M}_])"
_AFTER = r"(?![\p{L}\p{N}\p{M}_])"

_TITLES = (
    "Adm|Ala|Ariz|Ave|Blvd|Brig|Bros|Calif|Capt|Co|Col|Conn|Corp|Dr|Fla|Gen|Gov|Hon|Inc|Jr|Lt|Ltd|Maj|Messrs|Mr|Mrs|Ms"
    "|Mt|Pa|Ph\\.D|Prof|Rep|Rev|Sen|Sgt|Sr|St|Va|Aug|Dec|Feb|Jan|Nov|Oct|Sept|cf|etc|vs"
)
_ABBREVIATION = "|".join(
    (
        rf"(?:\p{{L}}\.){{2,}}(?:-{_WORD})*{_AFTER}",  # N.Y., e.g., U.S.-based
        rf"(?:{_TITLES})\.",
        r"(?:No|no|pp|p)\.(?=\s*\d)",
        r"[A-HJ-Z]\.(?=\s+\p{Lu})",  # J. Smith; a sentence may well end in "I."
    )
)
# What may stand between two parts of one word. A full stop between a lower-case and an upper-case letter is a missing
# space ("great.I"), any other one belongs to a name ("example.com").
_CONNECTOR = r"[-\u2010\u2011'\u2019&]|(?:(?<!\p{Ll})\.|\.(?!\p{Lu}))|(?<=\d)[,:/](?=\d)"
_TOKEN = regex.compile(
    "|".join(
        (
            r"(?:https?://|ftp://|www\.)[^\s\u200b\ufeff<>\"“”]*[\p{L}\p{N}/_=&#%+-]",
            rf"{_BEFORE}[\p{{L}}\p{{N}}.+_%-]{{1,64}}+@[\p{{L}}\p{{N}}-]++(?:\.[\p{{L}}\p{{N}}-]++)++",
            rf"[@#](?=\p{{L}}){_WORD}",
            rf"{_BEFORE}(?:{_ABBREVIATION})",
            rf"['\u2019](?i:s|re|ve|ll|d|m|em|tis|twas|\d\ds?){_AFTER}",
            rf"{_BEFORE}(?i:can)(?=(?i:not){_AFTER})",
            rf"(?P<word>(?:{_BEFORE}[-+\u2212]?\.?(?=\d))?{_WORD}(?:(?:{_CONNECTOR}){_WORD})*+)",
            r"\.{2,}+|-{2,}+|[!?]++|``|''",
            r"\p{Regional_Indicator}{2}",
            # Any other sign with what modifies it: emoji with skin colours, joined emoji, a letterless accent.
            r"[^\s\u200b\ufeff][\p{M}\p{Emoji_Modifier}]*+(?:\u200d[^\s\u200b\ufeff][\p{M}\p{Emoji_Modifier}]*+)*+",
        )
    )
)
_CONTRACTION = regex.compile(r"(?i:n['\u2019]t|['\u2019](?:s|re|ve|ll|d|m))$")
_LONGEST_CONTRACTION = 3


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Splits a text into words, in time linear in its length.

    Punctuation stands apart, and so do the contractions ``n't 's 're 've 'll 'd 'm``; abbreviations, numbers, addresses
    and hyphenated words keep their inner punctuation. Space, and the invisible U+200B and U+FEFF, belong to no word.

    Returns:
        One triple per word: the word, its first character in the text and the one after its last.
    """
    words: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        cuts = _cuts(text, start, end) if match.lastgroup == "word" else [start, end]
        words += ((text[a:b], a, b) for a, b in pairwise(cuts))
    return words


def _cuts(text: str, start: int, end: int) -> list[int]:
    """The bounds of the parts of a word: its stem, then each contraction ("should", "n't", "'ve")."""
    cuts = [end]
    while match := _CONTRACTION.search(text, max(start + 1, cuts[-1] - _LONGEST_CONTRACTION), cuts[-1]):
        cuts.append(match.start())
    return [start, *reversed(cuts)]
