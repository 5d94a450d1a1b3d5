"""The chunks and names of a MASC document as one label per word.

Each is a node with an edge to every word in it. Of nested ones the outermost is taken. Where the labels of words cannot
say what is annotated, the words are masked (their label is None): spans that cross each other, two labels on the same
words, spans with a gap, and spans that reach over the end of a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hf_sluice.data.spans import Span, iob2_labels
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping, Sequence

    from hf_sluice.data.corpora.masc_tokens import Token
    from hf_sluice.data.formats.graf import GrafLayer

_MASK = ""


def read_spans(
    layer: GrafLayer,
    words: GrafLayer,
    tokens: Sequence[Token],
    names: Mapping[str, str],
    faults: Counter[str],
) -> list[Span]:
    """The spans of a layer over the words of the document.

    Args:
        layer: the chunks or names.
        words: the layer that its edges lead to.
        tokens: those words of it that are kept.
        names: what its labels are called; others are faulty.
        faults: counts ``span without words`` (left out) and ``span with a gap`` (masked).

    Raises:
        DataError: an unknown label, or an edge to a word that there is not.
    """
    positions = {token.node: i for i, token in enumerate(tokens)}
    spans = []
    for node in layer.links:
        label = layer.label(node)
        if label not in names:
            raise DataError(layer.name, None, f"node {node!r} has the label {label!r}; known are {', '.join(names)}")
        targets = layer.edges.get(node, [])
        for target in targets:
            if target not in words.links:
                raise DataError(layer.name, None, f"node {node!r} has an edge to {target!r}, which is no token")
        held = {positions[target] for target in targets if target in positions}
        if not held:
            faults["span without words"] += 1
            continue
        start, end = min(held), max(held) + 1
        has_gap = len(held) < end - start
        faults["span with a gap"] += has_gap
        spans.append(Span(_MASK if has_gap else names[label], start, end))
    return spans


def disjoint(spans: Iterable[Span], faults: Counter[str]) -> list[Span]:
    """The outermost spans in order; those that contradict each other become one that masks its words.

    Args:
        spans: any.
        faults: counts ``nested span`` (left out; a repetition is not counted) and ``contradicting span``.
    """
    taken: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start, -span.end, span.label)):
        last = taken[-1] if taken else None
        if last is None or span.start >= last.end:
            taken.append(span)
        elif span.end <= last.end and span[1:] != last[1:]:
            faults["nested span"] += 1
        else:
            faults["contradicting span"] += 1
            taken[-1] = Span(_MASK, last.start, max(last.end, span.end))
    return taken


def span_labels(spans: Iterable[Span], sentences: Iterable[Span], faults: Counter[str]) -> list[list[str | None]]:
    """The IOB2 labels of every sentence; None masks a word.

    Args:
        spans: in order, not overlapping.
        sentences: in order, not overlapping.
        faults: counts ``span across sentence end`` (and the start), once per sentence that it touches.
    """
    left = list(spans)[::-1]
    labels = []
    for sentence in sentences:
        while left and left[-1].end <= sentence.start:
            left.pop()
        inside = []
        while left and left[-1].start < sentence.end:
            inside.append(left[-1])
            if left[-1].end > sentence.end:
                break  # the next sentence has its share of it
            left.pop()
        labels.append(_labels(inside, sentence, faults))
    return labels


def _labels(spans: Iterable[Span], sentence: Span, faults: Counter[str]) -> list[str | None]:
    length = sentence.end - sentence.start
    sound, masked = [], []
    for label, first, last in spans:
        start, end = first - sentence.start, last - sentence.start
        if start < 0 or end > length:
            faults["span across sentence end"] += 1
            masked.append(range(max(start, 0), min(end, length)))
        elif label == _MASK:
            masked.append(range(start, end))
        else:
            sound.append(Span(label, start, end))
    labels: list[str | None] = [*iob2_labels(sound, length)]
    for words in masked:
        for word in words:
            labels[word] = None
    return labels
