from __future__ import annotations

from itertools import cycle

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.prediction.tagging import tag_sentences
from tests.prediction.tiny_tagger import CHUNK, POS, TASKS, tiny_sentences, tiny_tagger


@pytest.fixture(scope="module")
def tagger():
    return tiny_tagger()


@pytest.fixture(scope="module")
def sentences():
    return tiny_sentences(150)


def alone(tagger, sentence) -> dict:
    """What the model says of one sentence, without any of the code under test."""
    model, tokenizer = tagger
    inputs = tokenizer([list(sentence.words)], is_split_into_words=True, return_tensors="pt", padding=True)
    with torch.no_grad():
        logits = {name: values[0] for name, values in model(**inputs).logits.items()}
    found = {task.name: [task.labels[i] for i in logits[task.name].argmax(-1)] for task in (POS, CHUNK)}
    return {**found, "length": [pytest.approx(float(value), rel=1e-4) for value in logits["length"][:, 0]]}


@pytest.fixture(scope="module")
def expected(tagger, sentences):
    return [alone(tagger, sentence) for sentence in sentences]


@pytest.mark.parametrize("batch_size", [1, 3, 64, None])
def test_every_sentence_is_tagged_as_alone_and_in_its_place(tagger, sentences, expected, batch_size):
    tagged = list(tag_sentences(*tagger, sentences, batch_size=batch_size))

    assert [one.sentence for one in tagged] == sentences
    assert [one.predictions for one in tagged] == expected
    assert len({label for one in tagged for label in one.predictions["pos"]}) > 1


def test_tasks_come_as_asked_for(tagger, sentences):
    complete = next(tag_sentences(*tagger, sentences[:1])).predictions
    assert list(complete) == [task.name for task in TASKS]

    chosen = next(tag_sentences(*tagger, sentences[:1], ["length", "pos"])).predictions
    assert list(chosen) == ["length", "pos"]
    assert chosen == {name: complete[name] for name in chosen}


def test_no_more_of_the_input_is_read_than_some_batches(tagger, sentences):
    taken = []
    stream = tag_sentences(*tagger, (taken.append(s) or s for s in sentences), batch_size=2)
    next(stream)

    assert len(taken) < len(sentences)


def test_by_default_some_tens_of_thousand_words_are_read_ahead(tagger, sentences):
    taken = []
    endless = cycle(sentences)
    stream = tag_sentences(*tagger, (taken.append(len(s.words)) or s for s in endless))
    tagged = [next(stream).predictions["pos"] for _ in range(200)]

    assert 20_000 < sum(taken) < 50_000
    assert tagged[150:] == tagged[:50]


def test_nothing_gives_nothing(tagger):
    assert list(tag_sentences(*tagger, [])) == []


def test_an_unknown_task_is_an_error(tagger, sentences):
    with pytest.raises(UserError, match="'nre' is none of the model's tasks: pos, chunk, length"):
        next(tag_sentences(*tagger, sentences, ["pos", "nre"]))
