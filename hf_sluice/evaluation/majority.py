"""The majority baseline: every word gets the label that it had most often in training."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Self

from hf_sluice.errors import UserError
from hf_sluice.tasks import TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from datasets import Dataset

    from hf_sluice.tasks import Task

    Answers = tuple[Mapping[str, str | float], str | float]


class MajorityTagger:
    """Tags words one by one, whatever their context; words count as equal when their lower-cased forms are.

    An unknown word gets the most frequent label of all training words. Of labels that are equally frequent the one that
    stands first in the task's label set is taken. For regression, means take the place of majorities.

    Args:
        answers: per task the answers for known words, and the one for all others.
    """

    def __init__(self, answers: dict[str, Answers]) -> None:
        self._answers = answers

    @classmethod
    def fit(cls, dataset: Dataset, tasks: Iterable[Task]) -> Self:
        """Counts the labels of a training split, in the form of DatasetDict columns that all corpora have.

        Sentences that lack a task's layer, and words without a label, do not count for this task.

        Raises:
            UserError: a task has no label in the whole split.
        """
        words = [[token.lower() for token in tokens] for tokens in dataset["tokens"]]
        return cls({task.name: _fit_task(task, words, dataset[task.name]) for task in tasks})

    def predict(self, tokens: Sequence[str]) -> dict[str, list[str | float]]:
        """Per task one label (or number) per word."""
        words = [token.lower() for token in tokens]
        return {
            task: [by_word.get(word, otherwise) for word in words]
            for task, (by_word, otherwise) in self._answers.items()
        }


def _fit_task(task: Task, words: Iterable[list[str]], layers: Iterable[Sequence[float | None] | None]) -> Answers:
    pairs = [
        (word, value)
        for sentence, layer in zip(words, layers, strict=True)
        if layer is not None
        for word, value in zip(sentence, layer, strict=True)
        if value is not None
    ]
    if not pairs:
        raise UserError(f"task {task.name!r}: no word of the training data has a label; at least one is needed")
    return _means(pairs) if task.kind is TaskKind.REGRESSION else _majorities(task, pairs)


def _majorities(task: Task, pairs: Iterable[tuple[str, float]]) -> Answers:
    by_word: defaultdict[str, Counter[int]] = defaultdict(Counter)
    overall: Counter[int] = Counter()
    for word, label_id in pairs:
        by_word[word][int(label_id)] += 1
        overall[int(label_id)] += 1
    return {word: task.labels[_first_most_common(counts)] for word, counts in by_word.items()}, task.labels[
        _first_most_common(overall)
    ]


def _first_most_common(counts: Counter[int]) -> int:
    return min(counts, key=lambda label_id: (-counts[label_id], label_id))


def _means(pairs: Sequence[tuple[str, float]]) -> Answers:
    by_word: defaultdict[str, list[float]] = defaultdict(list)
    for word, value in pairs:
        by_word[word].append(value)
    means: dict[str, str | float] = {word: sum(values) / len(values) for word, values in by_word.items()}
    return means, sum(value for _, value in pairs) / len(pairs)
