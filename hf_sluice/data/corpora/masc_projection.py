"""Labels of the Treebank's words carried over to the words of the text; None where that cannot be done with certainty.

A word of the text may have the same characters as one of the Treebank, be made up of several, or be a part of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hf_sluice.data.corpora.masc_alignment import Alignment
    from hf_sluice.data.corpora.masc_tokens import Token


def project_tags(tags: Sequence[str], alignment: Alignment, tokens: Sequence[Token]) -> list[str | None]:
    """The tag of each word of the text that has the same characters as a word of the Treebank."""
    return [
        tags[pieces[0]] if pieces and alignment.regions[pieces[0]] == (token.start, token.end) else None
        for token, pieces in zip(tokens, alignment.pieces, strict=True)
    ]


def project_roles(roles: Sequence[str | None], alignment: Alignment, tokens: Sequence[Token]) -> list[str | None]:
    """The role of each word of the text: that of the one head word among its pieces, ``O`` where there is none.

    Args:
        roles: per word of the Treebank; None where nothing is known.
        alignment: of the document.
        tokens: the words of the text.
    """
    return [_role(token, pieces, roles, alignment) for token, pieces in zip(tokens, alignment.pieces, strict=True)]


def _role(token: Token, pieces: Sequence[int], roles: Sequence[str | None], alignment: Alignment) -> str | None:
    found = {roles[piece] for piece in pieces}
    if not found or None in found:
        return None
    heads = [piece for piece in pieces if roles[piece] != "O"]
    if not heads:
        return "O"
    start, end = alignment.regions[heads[0]] or (0, 0)
    is_whole = token.start <= start and end <= token.end
    return roles[heads[0]] if len(heads) == 1 and is_whole else None


def project_chunks(labels: Sequence[str], alignment: Alignment) -> tuple[list[Span], set[int]]:
    """The chunks over the words of the text, and the words that begin or end a chunk within them, to be masked.

    Args:
        labels: the IOB2 labels of the Treebank's words, tree after tree.
        alignment: of the document.
    """
    holders: dict[int, list[int]] = {}
    for token, pieces in enumerate(alignment.pieces):
        for piece in pieces:
            holders.setdefault(piece, []).append(token)
    spans: list[Span] = []
    masked: set[int] = set()
    for chunk in _chunks(labels):
        words = range(chunk.start, chunk.end)
        held = sorted({token for word in words for token in holders.get(word, ())})
        if not held:
            continue
        is_sound = all(piece in words for token in held for piece in alignment.pieces[token])
        if is_sound and len(held) == held[-1] + 1 - held[0]:
            spans.append(Span(chunk.label, held[0], held[-1] + 1))
        else:
            masked.update(held)
    return sorted(spans, key=lambda span: span.start), masked


def _chunks(labels: Sequence[str]) -> Iterator[Span]:
    start = 0
    for i, label in enumerate(labels):
        if not label.startswith("I-"):
            start = i
        is_last = i + 1 == len(labels) or not labels[i + 1].startswith("I-")
        if label != "O" and is_last:
            yield Span(label[2:], start, i + 1)
