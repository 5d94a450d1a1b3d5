from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.tagging import is_valid
from hf_sluice.tasks import Task
from hf_sluice.training.prediction import predict_words, remembered_forms
from tests.training.tiny_training import LENGTH, demo, new_model, new_tokenizer

TASKS = ["pos", "chunk", "length", "only"]


@pytest.fixture(scope="module")
def tagger():
    """A model, and the words of 23 sentences."""
    corpus = demo(train=23)
    tokenizer = new_tokenizer(corpus)
    model = new_model(tokenizer, [*corpus.tasks, LENGTH, Task("only", ("X",))]).eval()
    return model, tokenizer.encode_words(corpus["train"]["tokens"][:])


def predicted(model, words, tasks=TASKS, **values):
    return dict(predict_words(model, words, tasks, **values))


def assert_same(one, other):
    assert one.keys() == other.keys()
    for number, values in one.items():
        for task, value_T in values.items():
            # Numbers differ in their last bits when other sentences are in the batch.
            np.testing.assert_allclose(value_T, other[number][task], rtol=0, atol=1e-5 if task == "length" else 0)


@pytest.mark.parametrize("batch_size", [1, 5, 23, 64, None])
def test_every_sentence_comes_once_with_a_value_per_word(tagger, batch_size):
    model, words = tagger
    found = list(predict_words(model, words, TASKS, batch_size=batch_size))

    assert sorted(number for number, _ in found) == list(range(23))
    for number, values in found:
        assert {task: value.shape for task, value in values.items()} == dict.fromkeys(TASKS, (words.lengths[number],))


@torch.no_grad()
def test_predictions_are_those_of_the_model_alone(tagger):
    model, words = tagger
    for number, values in predict_words(model, words, TASKS, batch_size=7):
        logits = model(**words.batch([number])).logits
        for task in ("pos", "chunk"):
            assert values[task].tolist() == logits[task][0].argmax(-1).tolist()
        np.testing.assert_allclose(values["length"], logits["length"][0, :, 0], atol=1e-5)


@pytest.mark.parametrize("decoder", ["linear", "linear_crf"])
def test_constrained_labels_are_well_formed(tagger, decoder):
    _, words = tagger
    chunk = Task("chunk", ("I-A", "O", "B-A", "I-B"), scheme="IOB2")
    ill_formed = []
    for constrained in (False, True):
        model = new_model(new_tokenizer(demo(train=23)), [chunk], decoder=decoder, constrained_decoding=constrained)
        found = predicted(model, words, ["chunk"], batch_size=5)
        labels = [[chunk.labels[i] for i in values["chunk"]] for values in found.values()]
        ill_formed.append(sum(not is_valid(sequence, chunk.scheme) for sequence in labels))
    assert ill_formed[0] > 0
    assert ill_formed[1] == 0


def test_the_batch_size_changes_nothing(tagger):
    assert_same(predicted(*tagger, batch_size=1), predicted(*tagger, batch_size=8))
    assert_same(predicted(*tagger, batch_size=1), predicted(*tagger))


@pytest.mark.parametrize("num_processes", [2, 3, 30])
def test_processes_divide_the_sentences_among_them(tagger, num_processes):
    shares = [predicted(*tagger, process=i, num_processes=num_processes) for i in range(num_processes)]

    assert sum(map(len, shares)) == 23
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
    assert_same({number: values for share in shares for number, values in share.items()}, predicted(*tagger))


def test_sentences_come_in_order_of_length(tagger):
    model, words = tagger
    lengths = [words.lengths[number] for number, _ in predict_words(model, words, ["pos"], batch_size=4)]

    assert lengths == sorted(lengths)


def test_only_what_is_asked_for_is_predicted(tagger):
    for values in predicted(*tagger, tasks=["chunk"]).values():
        assert list(values) == ["chunk"]


def test_labels_are_ids_and_numbers_are_numbers(tagger):
    for values in predicted(*tagger).values():
        assert {task: value.dtype.kind for task, value in values.items()} == {
            "pos": "i", "chunk": "i", "length": "f", "only": "i",
        }  # fmt: skip
        assert not values["only"].any()


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_of_the_model_is_restored_and_noise_is_off(tagger, training):
    model, words = tagger
    expected = predicted(model.eval(), words)
    model.train(training)
    found = predicted(model, words)

    assert [module.training for module in model.modules()] == [training] * len(list(model.modules()))
    assert_same(found, expected)


def test_the_mode_is_restored_where_nobody_wants_the_rest(tagger):
    model, words = tagger
    stream = predict_words(model.train(), words, TASKS, batch_size=1)
    next(stream)
    assert not model.training
    stream.close()

    assert model.training
    model.eval()


def test_no_gradients_are_kept(tagger):
    model, words = tagger
    next(predict_words(model, words, ["pos"]))

    assert torch.is_grad_enabled()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_forms_are_remembered_while_it_runs_and_no_longer(tagger):
    model, words = tagger
    stream = predict_words(model, words, ["pos"], batch_size=1)
    next(stream)
    assert model.base.words.form_cache is not None
    list(stream)
    assert model.base.words.form_cache is None

    with remembered_forms(model):
        kept = model.base.words.form_cache
        predicted(model, words)
        assert model.base.words.form_cache is kept
    assert model.base.words.form_cache is None
