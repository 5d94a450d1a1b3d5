from __future__ import annotations

import json

import pytest

from hf_sluice.data.assemble import assemble
from hf_sluice.data.characteristics import characteristics
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.statistics import describe
from hf_sluice.tasks import Task

TASKS = [Task("pos", ("NN", "VB")), Task("gaze", kind="regression", metric="spearman")]


def sentence(number, tokens, labels, domain):
    return Sentence(tokens.split(), {"pos": labels.split(), "gaze": None}, str(number), domain)


def test_they_are_those_of_the_training_sentences_held_against_the_test_words():
    train = [sentence(1, "the dog Runs", "NN NN VB", "news"), sentence(2, "The", "VB", "news")]
    test = [
        sentence(3, "dog barks", "NN VB", "news"),
        sentence(4, "runs dogs run", "VB NN VB", "chat"),
        sentence(5, "run", "VB", "blog"),
    ]

    assert characteristics(describe(assemble({"train": train, "test": test}, TASKS))) == {
        "sentences": 2,
        "words": 4,
        "types": 3,
        "types per word": 0.75,
        "words per sentence": 2.0,
        "label entropy of pos": 1.0,
        "unknown words in-domain": 0.5,
        "unknown words out-of-domain": 0.75,
    }


@pytest.mark.parametrize("test", [{}, {"test": [sentence(3, "dog", "NN", "news")]}])
def test_what_nothing_speaks_for_is_none(test):
    found = characteristics(describe(assemble({"train": [sentence(1, "a dog", "VB NN", "news")], **test}, TASKS)))

    assert found["unknown words out-of-domain"] is None
    assert found["unknown words in-domain"] == (0.0 if test else None)
    assert json.loads(json.dumps(found)) == found
