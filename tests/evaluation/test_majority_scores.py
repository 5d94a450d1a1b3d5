from __future__ import annotations

from dataclasses import asdict

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.data.sentence import Sentence
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.evaluation.majority import MajorityTagger
from hf_sluice.evaluation.majority_scores import majority_scores
from hf_sluice.tasks import Task

POS = Task("pos", ("N", "V"))
VALUE = Task("value", kind="regression", metric="mean_squared_error")


def sentence(words, domain=None, **layers):
    return Sentence(words.split(), layers, words, domain)


@pytest.fixture(scope="module")
def small():
    return assemble(
        {
            "train": [
                sentence("a b", "x", pos=["N", "V"], value=[1.0, 2.0]),
                sentence("b c", "y", pos=["V", "V"], value=None),
            ],
            "test": [
                sentence("A b", "x", pos=["N", "N"], value=[3.0, 2.0]),
                sentence("d", "y", pos=["V"], value=[1.5]),
                sentence("a c", None, pos=[None, "V"], value=None),
            ],
        },
        [POS, VALUE],
    )


def score(rows, task, domain="all"):
    return main_score(rows, task, domain).value


def test_scores_by_hand(small):
    rows = majority_scores(small, "test")

    # Right: A, d (the most frequent label is V), c; wrong: b.
    assert score(rows, POS) == 3 / 4
    assert (score(rows, POS, "x"), score(rows, POS, "y"), score(rows, POS, "macro")) == (1 / 2, 1.0, 3 / 4)
    # Errors: a 3 − 1, b 2 − 2, d 1.5 − the mean 1.5.
    assert score(rows, VALUE) == pytest.approx(4 / 3)


def test_it_learns_from_training_alone(small):
    assert score(majority_scores(small, "train"), POS) == 1.0


def test_accuracy_is_that_of_the_tagger_on_the_demo_corpus():
    corpus = load_demo_corpus(train_sentences=80, validation_sentences=20, test_sentences=20)
    tagger = MajorityTagger.fit(corpus["train"], corpus.tasks)
    rows = {(row.task, row.domain, row.metric): row.value for row in majority_scores(corpus, "validation")}

    for task in corpus.tasks:
        pairs = [
            (found, task.labels[expected])
            for example in corpus["validation"]
            for found, expected in zip(tagger.predict(example["tokens"])[task.name], example[task.name], strict=True)
        ]
        expected = sum(found == label for found, label in pairs) / len(pairs)
        assert rows[task.name, "all", "accuracy"] == pytest.approx(expected)


def test_every_domain_of_the_split_has_its_rows(small):
    rows = majority_scores(small, "test")

    assert {row.domain for row in rows} == {"x", "y", "all", "macro"}
    assert {row.task for row in rows} == {"pos", "value"}
    assert all(isinstance(asdict(row)["value"], float) for row in rows if row.metric == "accuracy")
