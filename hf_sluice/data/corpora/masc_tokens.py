"""The words and sentences of a MASC document.

Words are those of the layer ``penn``, which all documents have and to which chunks and names refer. Their forms are
taken from the text; their order, too, as the order of the files is another one.

Sentences are the regions labelled ``s`` and the headings (``head``, ``Head``). The quotations (``q``) of the same layer
are no sentences: they lie in one or span several.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from hf_sluice.data.spans import Span, outermost
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from hf_sluice.data.corpora.masc_archives import Document
    from hf_sluice.data.formats.graf import GrafLayer

_SENTENCES = frozenset({"s", "head", "Head"})
_QUOTATION = "q"
_TAG = "msd"


class Token(NamedTuple):
    """A word of the text: its characters ``start`` to ``end`` (not included), its form, its tag and its node."""

    start: int
    end: int
    form: str
    tag: str
    node: str


def node_region(
    node: str, layer: GrafLayer, segments: Mapping[str, tuple[int, int]], length: int
) -> tuple[int, int] | None:
    """The characters from the first to the last that a node is linked to, None where it is linked to none.

    Args:
        node: a node of the layer.
        layer: its links are followed, to its own regions or those of ``segments``.
        segments: the regions that the layers of a document share.
        length: of the text.

    Raises:
        DataError: a region that is not there, or ends behind the text.
    """
    first, last = length + 1, -1
    for name in layer.links[node]:
        region = layer.regions.get(name) or segments.get(name)
        if region is None or region[1] > length:
            fault = "is not there" if region is None else f"ends behind the {length:,} characters of the text"
            raise DataError(layer.name, None, f"node {node!r} is linked to region {name!r}, which {fault}")
        first, last = min(first, region[0]), max(last, region[1])
    return None if last < 0 else (first, last)


def read_tokens(document: Document, faults: Counter[str]) -> list[Token]:
    """The words in the order of the text.

    Args:
        document: its layers ``penn`` and ``seg`` are read.
        faults: counts ``token without place`` (left out: no region, or one without a character that is seen),
            ``token in another`` (left out: begins within the word before it) and ``token with white space``
            (the white space in it is dropped).

    Raises:
        DataError: a node without tag, or what :func:`node_region` raises.
    """
    layer, segments = document.layers["penn"], document.layers["seg"].regions
    placed = []
    for node in layer.links:
        tag = layer.feature(node, _TAG)
        if not tag:
            raise DataError(layer.name, None, f"token {node!r} has no feature {_TAG!r}, its tag")
        region = node_region(node, layer, segments, len(document.text))
        form = "" if region is None else "".join(document.text[slice(*region)].split())
        if region is None or not form:
            faults["token without place"] += 1
        else:
            faults["token with white space"] += len(form) < region[1] - region[0]
            placed.append(Token(*region, form, tag, node))
    return _without_overlaps(sorted(placed), faults)


def _without_overlaps(placed: Sequence[Token], faults: Counter[str]) -> list[Token]:
    tokens: list[Token] = []
    for token in placed:
        if tokens and token.start < tokens[-1].end:
            faults["token in another"] += 1
        else:
            tokens.append(token)
    return tokens


def read_sentences(document: Document, tokens: Sequence[Token], faults: Counter[str]) -> list[Span]:
    """The sentences as spans of tokens, in order, none overlapping; a token belongs to that in which it begins.

    Args:
        document: its layer ``s`` is read.
        tokens: the words of the document.
        faults: counts ``quotation`` (no sentence), ``sentence without words``, ``overlapping sentence`` (left out: it
            lies in another or begins in the one before it) and ``token across sentence end``.

    Raises:
        DataError: a label that is unknown, or what :func:`node_region` raises.
    """
    layer, segments = document.layers["s"], document.layers["seg"].regions
    starts = [token.start for token in tokens]
    found = []
    for node in layer.links:
        label = layer.label(node)
        if label == _QUOTATION:
            faults["quotation"] += 1
            continue
        if label not in _SENTENCES:
            known = ", ".join(sorted((*_SENTENCES, _QUOTATION)))
            raise DataError(layer.name, None, f"sentence {node!r} has the label {label!r}; known are {known}")
        region = node_region(node, layer, segments, len(document.text)) or (0, 0)
        span = Span(label, bisect_left(starts, region[0]), bisect_left(starts, region[1]))
        if span.start < span.end:
            faults["token across sentence end"] += tokens[span.end - 1].end > region[1]
            found.append(span)
        else:
            faults["sentence without words"] += 1
    kept = outermost(found)
    faults["overlapping sentence"] += len(found) - len(kept)
    return kept
