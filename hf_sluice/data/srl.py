"""Simplified semantic role labelling: one label per word, on head words only.

Ruder et al. (2019, Experiments) use "a simplified version of SRL, where only headwords of arguments and predicates are
marked". Here the label set is ``O``, ``V`` (a predicate) and PropBank's roles as they stand: ``ARG0`` … ``ARG5``,
``ARGA``, ``ARGM-TMP`` …, with ``R-`` (a relative pronoun that refers to an argument) and ``C-`` (a later part of a
discontinuous one) kept.

The head words of a span are the words in it whose syntactic head lies outside of it: one for 99 % of the spans.

A word may be a head word for several predicates and can carry one label only: it is ``V`` if it is a predicate itself;
else the predicate nearest to it decides, of two at the same distance the left one; within one predicate the first span.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hf_sluice.data.spans import Span

PREDICATE_LABEL = "V"
"""The label of predicates, and of the span of a predicate in PropBank's columns."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate with its arguments.

    Args:
        index: its word, counted from 0.
        lemma: the frame file or lemma, as the source gives it.
        roleset: the sense, ``announce.01`` or ``01``.
        spans: its arguments in order of their starts, and the predicate's own span (label ``V``).
    """

    index: int
    lemma: str
    roleset: str
    spans: tuple[Span, ...]

    def arguments(self) -> Iterator[Span]:
        """The spans but that of the predicate itself."""
        return (span for span in self.spans if span.label != PREDICATE_LABEL)


def head_words(span: Span, heads: Sequence[int]) -> list[int]:
    """The words of a span whose head lies outside of it.

    Args:
        span: the span.
        heads: per word of the sentence its head, counted from 1, 0 for the root (as in CoNLL-U).
    """
    return [i for i in range(span.start, span.end) if not span.start < heads[i] <= span.end]


def srl_labels(predicates: Iterable[Predicate], heads: Sequence[int]) -> list[str]:
    """The simplified labels of a sentence's words.

    Args:
        predicates: those of the sentence.
        heads: as for :func:`head_words`, one per word.
    """
    labels = ["O"] * len(heads)
    distances = [len(heads)] * len(heads)
    ordered = sorted(predicates, key=lambda predicate: predicate.index)
    for predicate in ordered:
        labels[predicate.index] = PREDICATE_LABEL
        distances[predicate.index] = -1
    for predicate in ordered:
        for span in predicate.arguments():
            for word in head_words(span, heads):
                distance = abs(word - predicate.index)
                if distance < distances[word]:
                    labels[word], distances[word] = span.label, distance
    return labels
