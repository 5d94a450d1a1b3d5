from __future__ import annotations

import math
from collections import Counter

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.corpus import TaggingCorpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.statistics import describe
from hf_sluice.tasks import Task

TASKS = [Task("pos", ("NN", "VB", "DT")), Task("gaze", kind="regression", metric="spearman")]


def gapped_corpus() -> TaggingCorpus:
    """Missing layers, missing labels, missing domains, words that differ in case alone."""
    train = [
        Sentence(["The", "walk", "the"], {"pos": ["DT", "NN", None], "gaze": [1.0, 2.0, None]}, "1", "news"),
        Sentence(["Walk"], {"pos": ["VB"], "gaze": None}, "2", None),
    ]
    test = [
        Sentence(["the", "Run", "run", "WALK"], {"pos": None, "gaze": [3.0, 3.0, 3.0, 7.0]}, "3", "chat"),
        Sentence(["a"], {"pos": [None], "gaze": [0.5]}, "4", "chat"),
    ]
    return assemble({"train": train, "test": test}, TASKS, ["a note"])


def groups(corpus):
    return {(group.split, group.domain): group for group in describe(corpus).groups}


def rows(corpus, split, domain):
    for row in corpus[split]:
        named = None if row["domain"] is None else corpus.domains[row["domain"]]
        if domain in (None, named):
            yield row


@pytest.fixture(scope="module", params=["gapped", "demo"])
def corpus(request):
    if request.param == "gapped":
        return gapped_corpus()
    return load_demo_corpus(train_sentences=60, validation_sentences=20, test_sentences=21)


def test_there_is_a_group_per_split_and_domain_the_whole_split_first(corpus):
    expected = [(split, domain) for split in corpus for domain in (None, *corpus.domains)]

    assert list(groups(corpus)) == expected


def test_words_are_counted_as_a_loop_counts_them(corpus):
    known = {token.lower() for row in corpus["train"] for token in row["tokens"]}
    for (split, domain), group in groups(corpus).items():
        chosen = list(rows(corpus, split, domain))
        words = [token.lower() for row in chosen for token in row["tokens"]]
        assert (group.sentences, group.words, group.types) == (len(chosen), len(words), len(set(words)))
        unknown = None if split == "train" else sum(word not in known for word in words)
        assert group.unknown_words == unknown
        assert group.unknown_word_rate == (unknown / len(words) if unknown is not None and words else None)
        assert group.mean_length == (len(words) / len(chosen) if chosen else None)


def test_labels_are_counted_as_a_loop_counts_them(corpus):
    for (split, domain), group in groups(corpus).items():
        chosen = list(rows(corpus, split, domain))
        for task, layer in zip(corpus.tasks, group.layers, strict=True):
            values = [v for row in chosen for v in row[task.name] or () if v is not None]
            assert layer.task == task.name
            assert layer.sentences_without == sum(row[task.name] is None for row in chosen)
            assert layer.words == len(values)
            counts = Counter(values)
            assert layer.labels == {label: counts[i] for i, label in enumerate(task.labels)}


def test_entropy_is_that_of_the_label_distribution(corpus):
    for group in describe(corpus).groups:
        for task, layer in zip(corpus.tasks, group.layers, strict=True):
            shares = [count / layer.words for count in layer.labels.values() if count]
            expected = -sum(share * math.log2(share) for share in shares)
            if task.labels and layer.words:
                assert layer.entropy == pytest.approx(expected, abs=1e-12)
            else:
                assert layer.entropy is None


@pytest.mark.parametrize(("labels", "bits"), [("NN VB DT NN", 1.5), ("NN NN", 0.0), ("NN VB", 1.0)])
def test_entropy_in_bits(labels, bits):
    layer = labels.split()
    sentences = [Sentence(["w"] * len(layer), {"pos": layer}, "1")]
    (group,) = describe(assemble({"train": sentences}, TASKS[:1])).groups

    assert group.layers[0].entropy == bits


def test_regression_has_mean_and_deviation():
    layer = groups(gapped_corpus())["test", "chat"].layers[1]

    assert layer.words == 5
    assert layer.mean == pytest.approx(3.3)
    assert layer.standard_deviation == pytest.approx(math.sqrt(sum((x - 3.3) ** 2 for x in (3, 3, 3, 7, 0.5)) / 5))
    assert (layer.labels, layer.entropy) == ({}, None)


def test_a_group_without_sentences_has_no_means():
    empty = groups(gapped_corpus())["train", "chat"]

    assert (empty.sentences, empty.words, empty.mean_length, empty.unknown_word_rate) == (0, 0, None, None)
    assert (empty.layers[1].mean, empty.layers[1].standard_deviation) == (None, None)


def test_without_training_nothing_is_known_or_unknown():
    corpus = gapped_corpus()
    alone = TaggingCorpus({"test": corpus["test"]}, corpus.tasks)

    assert {group.unknown_words for group in describe(alone).groups} == {None}


def test_tasks_and_notes_are_passed_on():
    statistics = describe(gapped_corpus())

    assert [task.name for task in statistics.tasks] == ["pos", "gaze"]
    assert statistics.notes == ("a note",)
