"""Characteristics of the sentences that a model is trained on, to be held against what it learns and gains.

Those of Bingel & Søgaard (2017) that can be had of one data set alone: sizes, types per word, label entropy, and the
rate of unknown words, here in the test sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.statistics import CorpusStatistics, GroupStatistics


def characteristics(statistics: CorpusStatistics) -> dict[str, float | None]:
    """Characteristics of a corpus's training sentences by name; None where one is undefined.

    Label entropies are in bits per word, one per task that is no regression; the rates of unknown words are shares (0
    to 1) of the test words, in the domains that were trained on and in all others.
    """
    groups = statistics.groups
    train = next(group for group in groups if (group.split, group.domain) == ("train", None))
    trained_on = {group.domain for group in groups if group.split == "train" and group.domain and group.sentences}
    test = [group for group in groups if group.split == "test" and group.domain]
    return {
        "sentences": train.sentences,
        "words": train.words,
        "types": train.types,
        "types per word": train.types / train.words if train.words else None,
        "words per sentence": train.mean_length,
        **{f"label entropy of {layer.task}": layer.entropy for layer in train.layers if layer.labels},
        "unknown words in-domain": _unknown_word_rate([group for group in test if group.domain in trained_on]),
        "unknown words out-of-domain": _unknown_word_rate([group for group in test if group.domain not in trained_on]),
    }


def _unknown_word_rate(groups: Sequence[GroupStatistics]) -> float | None:
    words = sum(group.words for group in groups)
    return sum(group.unknown_words or 0 for group in groups) / words if words else None
