"""What the pipeline answers: plain dictionaries that JSON can hold, and their types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from .label_spans import read_spans
from .transitions import NO_SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .prepared_text import PreparedText
    from .sentence_tagger import WordValues


class LabelScore(TypedDict):
    """A label and its probability."""

    label: str
    score: float


class LabelledWord(TypedDict):
    """A word and its label.

    ``label`` is what the task's decoder chose and ``score`` its probability: of the softmax, or of a CRF the marginal
    one. ``start`` and ``end`` (exclusive) are characters of the raw text; where words were given, ``start`` is the
    word's number and ``end`` the next one. ``top_k``, where it is asked for, holds the most probable labels, the best
    one first; with a CRF or constrained decoding that need not be ``label``.
    """

    word: str
    label: str
    score: float
    start: int
    end: int
    top_k: NotRequired[list[LabelScore]]


class MeasuredWord(TypedDict):
    """A word and the number that a regression task gives it; ``start`` and ``end`` as in :class:`LabelledWord`."""

    word: str
    value: float
    start: int
    end: int


class TaggedSpan(TypedDict):
    """Words that a tagging scheme takes together, read as ``conlleval`` reads them.

    ``entity_group`` is the span's type, ``score`` the mean of its words' scores, ``word`` the span as the text has it
    (given words are joined by spaces), ``start`` and ``end`` are as in :class:`LabelledWord`, ``word_start`` and
    ``word_end`` (exclusive) the numbers of its words.
    """

    entity_group: str
    score: float
    word: str
    start: int
    end: int
    word_start: int
    word_end: int


class TaskResult(TypedDict):
    """A task's answer for one text; ``spans`` for tasks with a tagging scheme, where they are asked for."""

    words: list[LabelledWord] | list[MeasuredWord]
    spans: NotRequired[list[TaggedSpan]]


TaggedText = dict[str, TaskResult]


def task_result(
    task: Mapping[str, Any], prepared: PreparedText, sentences: Sequence[WordValues], *, with_spans: bool
) -> TaskResult:
    """A task's answer for one text.

    Args:
        task: as a configuration describes it.
        prepared: the text.
        sentences: what the task says of the words of each sentence.
        with_spans: whether spans are asked for.

    Raises:
        ValueError: a label that the task's tagging scheme does not have.
    """
    if task.get("kind") == "regression":
        return {"words": _measured(prepared, sentences)}
    result: TaskResult = {"words": _labelled(prepared, sentences)}
    scheme = task.get("scheme", NO_SCHEME)
    if with_spans and scheme != NO_SCHEME:
        try:
            result["spans"] = _spans(scheme, prepared, sentences)
        except ValueError as error:
            raise ValueError(f"task {task['name']!r}: {error}") from None
    return result


def _measured(prepared: PreparedText, sentences: Sequence[WordValues]) -> list[MeasuredWord]:
    values = [value for sentence in sentences for value in sentence.values]
    return [
        {"word": word, "value": value, "start": start, "end": end}
        for word, value, (start, end) in zip(prepared.words, values, prepared.offsets, strict=True)
    ]


def _labelled(prepared: PreparedText, sentences: Sequence[WordValues]) -> list[LabelledWord]:
    labels = [label for sentence in sentences for label in sentence.values]
    scores = [score for sentence in sentences for score in sentence.scores or ()]
    words: list[LabelledWord] = [
        {"word": word, "label": label, "score": score, "start": start, "end": end}
        for word, label, score, (start, end) in zip(prepared.words, labels, scores, prepared.offsets, strict=True)
    ]
    best = [of_word for sentence in sentences for of_word in sentence.most_probable or ()]
    for word, choices in zip(words, best, strict=False):
        word["top_k"] = [{"label": label, "score": score} for label, score in choices]
    return words


def _spans(scheme: str, prepared: PreparedText, sentences: Sequence[WordValues]) -> list[TaggedSpan]:
    spans: list[TaggedSpan] = []
    first = 0  # word of the sentence, in the text
    for sentence in sentences:
        scores = sentence.scores or []
        for span in read_spans(sentence.values, scheme):
            start, end = first + span.start, first + span.end
            spans.append(
                {
                    "entity_group": span.type,
                    "score": sum(scores[span.start : span.end]) / (span.end - span.start),
                    "word": prepared.written(start, end),
                    "start": prepared.offsets[start][0],
                    "end": prepared.offsets[end - 1][1],
                    "word_start": start,
                    "word_end": end,
                }
            )
        first += len(sentence.values)
    return spans
