"""The split of a corpus that has no published one: a function of its documents' names and lengths alone.

In every genre on its own, its documents are taken in the order of the SHA-256 of ``<genre>/<name>``. One goes to
``test`` as long as that stays within a tenth of the genre's words; of the others, one to ``validation`` likewise; the
rest is ``train``. Where no document is short enough, the shortest of those left goes there. A genre of fewer than three
documents is split within its documents: the first eight tenths of the sentences of each (rounded down) are ``train``,
the next tenth ``validation``, the last ``test``.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hf_sluice.data.sentence import Sentence

SPLITS = ("train", "validation", "test")
_HELD_OUT = ("test", "validation")
_TENTHS = 10
_FEWEST_DOCUMENTS = 3


def split_genre(genre: str, documents: Mapping[str, Sequence[Sentence]]) -> Iterator[tuple[str, Sentence]]:
    """The sentences of a genre, each with its split.

    Args:
        genre: its name.
        documents: per document its name and its sentences in order.
    """
    lengths = {name: sum(len(s.tokens) for s in sentences) for name, sentences in documents.items()}
    whole = split_documents(genre, lengths)
    for name, sentences in documents.items():
        for i, sentence in enumerate(sentences):
            yield (split_sentence(i, len(sentences)) if whole is None else whole[name]), sentence


def split_documents(genre: str, lengths: Mapping[str, int]) -> dict[str, str] | None:
    """The split of each document of a genre, None where there are too few and :func:`split_sentence` decides.

    Args:
        genre: its name.
        lengths: per document its name and the number of its words.
    """
    if len(lengths) < _FEWEST_DOCUMENTS:
        return None
    limit = sum(lengths.values()) / _TENTHS
    left = sorted(lengths, key=lambda name: sha256(f"{genre}/{name}".encode()).hexdigest())
    splits = {}
    for split in _HELD_OUT:
        total = 0
        chosen = []
        for name in left:
            if total + lengths[name] <= limit:
                chosen.append(name)
                total += lengths[name]
        for name in chosen or [min(left, key=lambda name: (lengths[name], name))]:
            splits[name] = split
            left.remove(name)
    return splits | dict.fromkeys(left, "train")


def split_sentence(position: int, total: int) -> str:
    """The split of a sentence of a document that is split within.

    Args:
        position: of the sentence in its document, from 0.
        total: the sentences of the document.
    """
    first_validation, first_test = total * 8 // _TENTHS, total * 9 // _TENTHS
    return SPLITS[(position >= first_validation) + (position >= first_test)]
