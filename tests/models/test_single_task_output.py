from __future__ import annotations

import json
import logging
import warnings

import pytest
import torch
from transformers import (
    AutoModelForTokenClassification,
    DataCollatorForTokenClassification,
    Trainer,
    TrainingArguments,
    pipeline,
)
from transformers.modeling_outputs import TokenClassifierOutput

from tests.models.tiny_sluice import tiny_batch, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING, SCHEME, TEXTS, TOKENIZER, evaluated, tiny_tagger


@pytest.mark.parametrize("decoding", DECODING)
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_the_largest_logit_is_the_decoded_label_and_the_softmax_near_its_probability(make, decoding):
    model, lengths = tiny_tagger(make, decoding), (40, 30, 20, 1)
    batch = tiny_batch(lengths)
    mask = batch["attention_mask"].bool()
    for task in ("pos", "ner"):
        labels, probabilities = evaluated(model, batch, task)
        answer = model.for_task(task)(**batch)
        assert type(answer) is TokenClassifierOutput
        assert torch.equal(answer.logits.argmax(-1)[mask], labels[mask])
        at_odds = (probabilities.argmax(-1) != labels)[mask]
        found = answer.logits.softmax(-1)[mask]
        torch.testing.assert_close(found[~at_odds], probabilities.double()[mask][~at_odds], rtol=0, atol=0.01)
        chosen, largest = (found[at_odds].gather(-1, labels[mask][at_odds][:, None]), found[at_odds].amax(-1))
        assert torch.equal(chosen[:, 0], largest)


@pytest.mark.parametrize("decoding", ["constrained", "crf"])
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_decoder_and_single_tokens_are_sometimes_at_odds(make, decoding):
    """Else the test above would show less than it seems to."""
    batch = tiny_batch((40, 30, 20, 1))
    labels, probabilities = evaluated(tiny_tagger(make, decoding), batch, "ner")
    assert (probabilities.argmax(-1) != labels)[batch["attention_mask"].bool()].any()


@pytest.mark.parametrize("decoding", DECODING)
def test_in_training_logits_and_loss_are_those_of_the_tagger(decoding):
    whole = tiny_tagger(decoding=decoding)
    model, batch = whole.for_task("ner"), tiny_batch()
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 3, batch["input_ids"].shape, generator=generator)
    labels = labels.masked_fill(batch["attention_mask"] == 0, -100)
    expected = model(**batch, labels={"ner": labels}, tasks=["ner"])
    for mode in (True, False):
        answer = model.train(mode)(**batch, labels=labels)
        torch.testing.assert_close(answer.loss, expected.loss)
        assert torch.equal(answer.logits, expected.logits["ner"]) == mode
    tokens = int((labels != -100).sum())
    shared = model(**batch, labels=labels, num_items_in_batch=2 * tokens)
    torch.testing.assert_close(shared.loss, expected.loss / 2)


def test_a_regression_answers_with_its_numbers():
    model, batch = tiny_tagger().for_task("time"), tiny_batch()
    numbers = torch.rand(batch["input_ids"].shape)
    answer = model(**batch, labels=numbers)
    assert answer.logits.shape == (*batch["input_ids"].shape, 1)
    expected = model(**batch, labels={"time": numbers})
    assert torch.equal(answer.logits, expected.logits["time"])
    assert torch.equal(answer.loss, expected.loss)
    assert model.config.id2label == {0: "time"}


def test_an_unknown_task_is_refused():
    with pytest.raises(ValueError, match=r"^task 'tree' is none of this model's tasks: pos, ner, time$"):
        tiny_tagger().for_task("tree")


def test_named_tasks_are_answered_as_by_any_tagger():
    model, batch = tiny_tagger().for_task("ner"), tiny_batch()
    assert set(model(**batch, tasks=["ner"]).logits) == {"ner"}
    assert model.for_task("ner").config.to_dict() == model.config.to_dict()


@pytest.mark.parametrize(("make", "decoding"), [(tiny_model, "constrained_crf"), (tiny_sparse_model, "softmax")])
def test_the_library_s_pipeline_predicts_what_the_tagger_decodes(make, decoding, tmp_path, caplog, monkeypatch):
    whole = tiny_tagger(make, decoding)
    model = whole.for_task("ner")
    model.save_pretrained(tmp_path)
    TOKENIZER.save_pretrained(tmp_path)
    assert type(AutoModelForTokenClassification.from_pretrained(tmp_path)) is type(whole)
    monkeypatch.setattr(logging.getLogger("transformers"), "propagate", True)
    found = []
    for options in ({"model": model, "tokenizer": TOKENIZER}, {"model": str(tmp_path)}):
        tag = pipeline("token-classification", **options, device="cpu")
        found += [tag(TEXTS, ignore_labels=[], batch_size=size) for size in (1, 2, 5)]
    for results in found:
        for text, result, first in zip(TEXTS, results, found[0], strict=True):
            words = [word for word, _, _ in TOKENIZER.split(text)]
            assert [text[token["start"] : token["end"]] for token in result] == words
            if words:
                batch = TOKENIZER(words, is_split_into_words=True, return_tensors="pt")
                labels, _ = evaluated(whole, batch, "ner")
                assert [token["entity"] for token in result] == [SCHEME[i] for i in labels[0].tolist()]
            scores, expected = ([token["score"] for token in tokens] for tokens in (result, first))
            assert scores == pytest.approx(expected, abs=1e-6)
    assert json.loads(json.dumps(found[0])) == found[0]
    assert caplog.text == ""


@pytest.mark.parametrize("strategy", ["simple", "first", "average", "max"])
def test_the_library_s_ways_of_grouping_run(strategy):
    tag = pipeline("token-classification", model=tiny_tagger().for_task("ner"), tokenizer=TOKENIZER, device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # punctuation is taken for a part of the word before it
        found = tag(TEXTS, aggregation_strategy=strategy, batch_size=2)
        assert tag(TEXTS, aggregation_strategy=strategy, stride=3) == found
        given = tag(
            [["The", "a b"], ["New"]], aggregation_strategy=strategy, is_split_into_words=True, ignore_labels=[]
        )
    assert [len(result) > 0 for result in found] == [True, False, True, False, True]
    json.dumps(found)
    assert [result[-1]["end"] for result in given] == [7, 3]


def test_the_library_s_trainer_trains_it_on(tmp_path):
    model = tiny_tagger(decoding="crf").for_task("ner")
    examples = [
        {**TOKENIZER(words, is_split_into_words=True), "labels": labels}
        for words, labels in [(["Ann", "saw", "New", "York"], [1, 0, 1, 2]), (["The", "bank"], [0, 0])]
    ]
    arguments = TrainingArguments(
        str(tmp_path), max_steps=20, learning_rate=0.05, report_to=[], use_cpu=True, disable_tqdm=True,
        per_device_train_batch_size=2, save_strategy="no", logging_strategy="no",
    )  # fmt: skip
    trainer = Trainer(
        model, arguments, train_dataset=examples, eval_dataset=examples,
        data_collator=DataCollatorForTokenClassification(TOKENIZER),
    )  # fmt: skip
    before = trainer.evaluate()["eval_loss"]
    trainer.train()
    predicted = trainer.predict(examples)
    assert predicted.metrics["test_loss"] < before / 2
    is_label = predicted.label_ids != -100
    assert (predicted.predictions.argmax(-1) == predicted.label_ids)[is_label].all()
