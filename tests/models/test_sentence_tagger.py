from __future__ import annotations

import random

import pytest
import torch

from hf_sluice.models.sentence_tagger import SentenceTagger
from hf_sluice.models.tagging_options import TaggingOptions
from hf_sluice.tagging import is_valid
from hf_sluice.tasks import TaggingScheme
from hf_sluice.training.prediction import predict_words
from tests.models.tiny_sluice import tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING, SCHEME, TASKS, TOKENIZER, WORDS, evaluated, tiny_tagger

NAMES = ("pos", "ner", "time")
KINDS = [(tiny_model, decoding) for decoding in DECODING] + [(tiny_sparse_model, "softmax"), (tiny_sparse_model, "crf")]


def sentences_of(*lengths, seed=0):
    generator = random.Random(seed)
    return [[generator.choice([*WORDS, "unknown", "x" * 99]) for _ in range(length)] for length in lengths]


def tag(model, sentences, **options):
    return SentenceTagger(model, TOKENIZER, TaggingOptions(**{"tasks": NAMES, **options})).tag(sentences)


@torch.no_grad()
def by_the_rule(model, words, window_size, overlap):
    """One sentence: logits window by window, each window by itself, then a decision over the whole sentence."""
    last = len(words) - window_size
    starts = [*range(0, last, window_size - overlap), last] if last > 0 else [0]
    read = {}
    for start in starts:
        inputs = TOKENIZER(words[start : start + window_size], is_split_into_words=True, return_tensors="pt")
        read[start] = {task: logits[0] for task, logits in model(**inputs).logits.items()}
    rows = {task: [] for task in NAMES}
    for word in range(len(words)):
        reach = {
            start: min(word - start, start + window_size - 1 - word)
            for start in starts
            if start <= word < start + window_size
        }
        best = min(start for start, distance in reach.items() if distance == max(reach.values()))
        for task in NAMES:
            rows[task].append(read[best][task][word - best])
    return {task: model.decode({task: torch.stack(rows[task])[None]})[task][0].tolist() for task in NAMES}


def named(task, decoded):
    labels = next(each.get("labels") for each in TASKS if each["name"] == task)
    return [labels[i] for i in decoded] if labels else pytest.approx(decoded, abs=1e-4)


@pytest.mark.parametrize(("make", "decoding"), KINDS)
def test_long_sentences_are_tagged_by_the_rule_of_windows(make, decoding):
    model = tiny_tagger(make, decoding)
    sentences = sentences_of(1, 8, 9, 20)
    for size, overlap in ((8, 2), (7, 5), (1, 0)):
        found = tag(model, sentences, window_size=size, overlap=overlap, batch_size=3)
        for words, values in zip(sentences, found, strict=True):
            expected = by_the_rule(model, words, size, overlap)
            assert all(values[task].values == named(task, expected[task]) for task in NAMES), (len(words), size)


@pytest.mark.parametrize(("make", "decoding"), [(tiny_model, "constrained_crf"), (tiny_sparse_model, "softmax")])
def test_thousands_of_words_are_tagged_by_the_same_rule(make, decoding):
    model = tiny_tagger(make, decoding)
    for words in sentences_of(513, 5000):
        (values,) = tag(model, [words])
        expected = by_the_rule(model, words, 512, 128)
        assert all(values[task].values == named(task, expected[task]) for task in NAMES)


@pytest.mark.parametrize(("make", "decoding"), KINDS)
def test_sentences_within_a_window_get_what_evaluation_gives(make, decoding):
    model, sentences = tiny_tagger(make, decoding), sentences_of(*range(1, 41), 512)
    found = tag(model, sentences)
    encoded = TOKENIZER.encode_words(sentences)
    expected = dict(predict_words(model, encoded, list(NAMES)))
    for number, values in enumerate(found):
        for task in NAMES:
            assert values[task].values == named(task, expected[number][task].tolist())
    _, probabilities = evaluated(model, encoded.batch([9]), "ner")
    chosen = [SCHEME.index(label) for label in found[9]["ner"].values]
    assert found[9]["ner"].scores == pytest.approx(
        [row[i].item() for row, i in zip(probabilities[0], chosen, strict=True)]
    )


@pytest.mark.parametrize("decoding", ["constrained", "constrained_crf"])
def test_no_seam_between_windows_breaks_a_span(decoding):
    model = tiny_tagger(decoding=decoding)
    values = tag(model, sentences_of(*range(30, 60)), window_size=4, overlap=1)
    labels = [sentence["ner"].values for sentence in values]
    assert all(is_valid(sentence, TaggingScheme.IOB2) for sentence in labels)
    assert {label for sentence in labels for label in sentence} == set(SCHEME)


@pytest.mark.parametrize(("make", "decoding"), KINDS)
def test_what_comes_of_a_sentence_depends_on_no_other(make, decoding):
    model, sentences = tiny_tagger(make, decoding), sentences_of(3, 1, 17, 5, 40, 12, 5, seed=1)
    options = {"window_size": 10, "top_k": 2}
    first = tag(model, sentences, batch_size=1, **options)
    others = [tag(model, sentences, batch_size=size, **options) for size in (2, 100)]
    others += [[tag(model, [words], **options)[0] for words in sentences]]
    for found in others:
        for values, expected in zip(found, first, strict=True):
            assert values["ner"].values == expected["ner"].values
            for task in ("pos", "ner"):
                assert values[task].scores == pytest.approx(expected[task].scores, abs=1e-5)
            assert values["time"].values == pytest.approx(expected["time"].values, abs=1e-4)


def test_the_model_never_sees_more_than_a_batch_of_windows():
    model, shapes = tiny_tagger(), []
    model.register_forward_pre_hook(
        lambda _, __, inputs: shapes.append(tuple(inputs["input_ids"].shape)), with_kwargs=True
    )
    tag(model, sentences_of(3000, 20, 700, 1), batch_size=4, window_size=100)
    assert max(batch for batch, _ in shapes) == 4
    assert max(steps for _, steps in shapes) == 100
    assert sum(batch for batch, _ in shapes) == 40 + 1 + 9 + 1


def test_only_what_some_tasks_need_is_computed():
    model, called = tiny_tagger(), []
    for name, head in zip(NAMES, model.heads, strict=True):
        head.register_forward_hook(lambda *_, name=name: called.append(name))
    (values,) = tag(model, sentences_of(3), tasks=("ner",))
    assert set(values) == set(called) == {"ner"}


@pytest.mark.parametrize("decoding", DECODING)
def test_the_most_probable_labels_come_with_their_probabilities(decoding):
    model, (words,) = tiny_tagger(decoding=decoding), sentences_of(12)
    (values,) = tag(model, [words], top_k=2)
    _, probabilities = evaluated(model, TOKENIZER.encode_words([words]).batch([0]), "pos")
    for choices, row in zip(values["pos"].most_probable, probabilities[0], strict=True):
        scores, ids = row.sort(descending=True)
        assert [label for label, _ in choices] == named("pos", ids[:2].tolist())
        assert [score for _, score in choices] == pytest.approx(scores[:2].tolist())
    assert values["time"].most_probable is None
    (everything,) = tag(model, [words], top_k=99)
    assert [sum(score for _, score in word) for word in everything["ner"].most_probable] == pytest.approx([1.0] * 12)


def test_the_model_s_mode_stays_as_it_was():
    model, (words,) = tiny_tagger(noise=1.0), sentences_of(30)
    expected = tag(model, [words])
    assert not model.training
    found = tag(model.train(), [words])
    assert model.training
    assert found == expected


def test_no_sentences_are_no_work():
    assert tag(tiny_tagger(), []) == []
