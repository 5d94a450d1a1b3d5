"""One annotated sentence, as every reader yields it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file (``archive!member`` inside an archive) and its line, counted from 1."""

    path: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its annotation layers.

    Args:
        tokens: the words, at least one, none empty.
        layers: per task name one label (or number) per word, or None where the sentence lacks the layer; a label
            of None marks a single word that is not annotated.
        sent_id: its id in the corpus.
        domain: the kind of text it comes from (genre), or None where the corpus has no domains.
        place: where it was read, for error messages.
    """

    tokens: Sequence[str]
    layers: Mapping[str, Sequence[str | float | None] | None]
    sent_id: str
    domain: str | None = None
    place: Place = field(default=Place("<memory>"))
