"""What a run read, as plain values for its record: sizes per split and domain, and the labels trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_sluice.data.statistics import CorpusStatistics, GroupStatistics


def data_record(statistics: CorpusStatistics) -> dict[str, Any]:
    """The sentences of a run in numbers.

    Returns:
        ``notes``, what reading them had to tell; ``groups``, per split one of all its sentences (domain None) and one
        for each domain that has any, with ``sentences``, ``words``, ``types``, ``unknown_words`` (None in training) and
        per task its ``labelled`` words; and ``training_labels``, how often each label of a task stands in training.
    """
    training = (group for group in statistics.groups if (group.split, group.domain) == ("train", None))
    return {
        "notes": list(statistics.notes),
        "groups": [_group(group) for group in statistics.groups if group.domain is None or group.sentences],
        "training_labels": {layer.task: layer.labels for group in training for layer in group.layers if layer.labels},
    }


def _group(group: GroupStatistics) -> dict[str, Any]:
    return {
        "split": group.split,
        "domain": group.domain,
        "sentences": group.sentences,
        "words": group.words,
        "types": group.types,
        "unknown_words": group.unknown_words,
        "labelled": {layer.task: layer.words for layer in group.layers},
    }
