"""Orthographic features of written words, as whole numbers that are the same in every process and on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PRIME = 2**31 - 1
"""Keys are below it, so that the product of two of them fits into 64 bits."""

_LONGEST_RUN = 3


def word_shape(word: str) -> str:
    """Capitals as X, other letters as x, digits as d, the rest as it is; of a run of one kind the first three.

    ``McDonald's`` is ``XxXxxx'x``, ``1990`` is ``ddd`` (Collins 2002, who leaves one of a run).
    """
    shape: list[str] = []
    for character in word:
        kind = _kind(character)
        if shape[-_LONGEST_RUN:] != [kind] * _LONGEST_RUN:
            shape.append(kind)
    return "".join(shape)


def _kind(character: str) -> str:
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return "d" if character.isdigit() else character


def _prefix(length: int) -> Callable[[str], str]:
    return lambda word: word.lower()[:length]


def _suffix(length: int) -> Callable[[str], str]:
    return lambda word: word.lower()[-length:]


FEATURES: Mapping[str, Callable[[str], str]] = {
    "norm": str.lower,
    "shape": word_shape,
    **{f"prefix{length}": _prefix(length) for length in (1, 2, 3, 4)},
    **{f"suffix{length}": _suffix(length) for length in (1, 2, 3, 4)},
}
"""The text that each feature is of a word; affixes of so many characters are in lower case, as ``shape`` tells that."""


def check_word_features(names: Sequence[str]) -> tuple[str, ...]:
    """The names of features; raises ValueError where one is unknown or stands twice."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"word_features should be a list of names, not {names!r:.60}")
    for name in names:
        if name not in FEATURES:
            raise ValueError(f"word_features: {name!r} is none of {', '.join(FEATURES)}")
    if len(set(names)) != len(names):
        raise ValueError(f"word_features: a name stands twice in {', '.join(names)}")
    return tuple(names)


def listed(names: Sequence[str]) -> str:
    """Features in a message."""
    return ", ".join(names) or "no features"


def feature_keys(word: str, names: Sequence[str]) -> list[int]:
    """The key of each feature of a word, from 1 to ``PRIME`` − 1: a digest of its text.

    Two texts have one key by accident only, once in two thousand million pairs.
    """
    # "surrogatepass": broken text may hold halves of surrogate pairs.
    texts = (FEATURES[name](word).encode("utf-8", "surrogatepass") for name in names)
    digests = (hashlib.blake2b(text, digest_size=8).digest() for text in texts)
    return [int.from_bytes(digest, "little") % (PRIME - 1) + 1 for digest in digests]
