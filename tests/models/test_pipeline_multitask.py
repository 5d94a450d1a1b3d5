from __future__ import annotations

import json

import pytest
import torch
from datasets import Dataset
from transformers import AutoModelForTokenClassification, BertConfig, pipeline
from transformers.pipelines import PIPELINE_REGISTRY
from transformers.pipelines.pt_utils import KeyDataset

from hf_sluice import MultiTaskTaggingPipeline
from hf_sluice.models.tokenization_tagger import TaggerTokenizer
from tests.models.tiny_sluice import tiny_batch, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model
from tests.models.tiny_tagging import DECODING, TASKS, TEXTS, TOKENIZER, WORDS, evaluated, tiny_tagger

TASK = "multitask-token-classification"
NAMES = ["pos", "ner", "time"]
STRANGE = [
    "", " \t\r\n ", "\u200b\ufeff", "👩\u200d👩\u200d👧 🇩🇪 👍🏽!", "مرحبا بالعالم", "x" * 10_000,
    "\x00\x07\x1b[31m", "\ud800", "e\u0301\u0301", "[PAD] [UNK]", "." * 999, "a\nb\u2028c",
]  # fmt: skip


def pipeline_of(model, **options):
    return pipeline(TASK, model=model, tokenizer=TOKENIZER, device="cpu", **options)


@pytest.fixture(scope="module")
def tag():
    return pipeline_of(tiny_tagger(decoding="constrained_crf"))


@pytest.mark.parametrize("decoding", DECODING)
@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_words_have_the_labels_scores_and_places_of_the_model_s_evaluation(make, decoding):
    model = tiny_tagger(make, decoding)
    found = pipeline_of(model)(TEXTS)
    for text, result in zip(TEXTS, found, strict=True):
        words = TOKENIZER.split(text)
        batch = TOKENIZER.encode_words([[word for word, _, _ in words]]).batch([0]) if words else None
        assert list(result) == NAMES
        for task in TASKS:
            answers = result[task["name"]]["words"]
            assert [(word["word"], word["start"], word["end"]) for word in answers] == words
            decoded, scores = evaluated(model, batch, task["name"]) if words else (torch.zeros(1, 0), None)
            if task.get("kind") == "regression":
                assert [word["value"] for word in answers] == pytest.approx(decoded[0].tolist(), abs=1e-4)
            elif words:
                chosen = decoded[0].tolist()
                assert [word["label"] for word in answers] == [task["labels"][i] for i in chosen]
                expected = [row[i].item() for row, i in zip(scores[0], chosen, strict=True)]
                assert [word["score"] for word in answers] == pytest.approx(expected, abs=1e-5)


def test_answers_are_plain_values_and_empty_texts_give_empty_lists(tag):
    found = tag([*TEXTS, *STRANGE], top_k=3)
    assert json.loads(json.dumps(found)) == found
    nothing = {"pos": {"words": []}, "ner": {"words": [], "spans": []}, "time": {"words": []}}
    for text, result in zip([*TEXTS, *STRANGE], found, strict=True):
        assert (result == nothing) == (TOKENIZER.split(text) == [])
        for span in result["ner"]["spans"]:
            assert text[span["start"] : span["end"]] == span["word"]
            assert span["word_start"] < span["word_end"]


def test_strange_texts_change_nothing_for_the_others(tag):
    texts = [*STRANGE[:6], "Ann saw New York .", *STRANGE[6:]]
    alone, among = tag("Ann saw New York ."), tag(texts)[6]
    for task in ("pos", "ner"):
        assert [word["label"] for word in alone[task]["words"]] == [word["label"] for word in among[task]["words"]]
        scores, others = ([word["score"] for word in one[task]["words"]] for one in (alone, among))
        assert scores == pytest.approx(others, abs=1e-5)


def labels_in(results):
    return [[word["label"] for word in result["ner"]["words"]] for result in results]


def test_texts_come_from_wherever_there_are_some(tag):
    texts = TEXTS * 3
    expected = labels_in(tag(texts))
    data = Dataset.from_dict({"text": texts})
    assert labels_in(tag(tuple(texts))) == expected
    assert isinstance(tag(texts), list)
    for stream in (
        (text for text in texts), data["text"], KeyDataset(data, "text"),
        (row["text"] for row in data.to_iterable_dataset()), map(str, texts),
    ):  # fmt: skip
        results = tag(stream, batch_size=2)
        assert iter(results) is results
        assert labels_in(results) == expected
    assert tag([]) == []
    with pytest.raises(ValueError, match=r"text 0 is \{'text': .* of a data set one column is given"):
        next(tag(data))


def test_a_stream_is_read_as_it_is_used(tag, monkeypatch):
    read = []
    stream = (read.append(number) or "Ann saw" for number in range(1000))
    results = tag(stream, batch_size=1)
    assert read == []
    next(results)
    assert len(read) == 32
    monkeypatch.setattr(f"{MultiTaskTaggingPipeline.__module__}._WORDS_AT_ONCE", 6)
    read.clear()
    next(tag(stream))
    assert len(read) == 3


def test_words_are_given_as_lists(tag):
    words, text = ["Ann", "saw", "New York", "."], "Ann saw ."
    one = tag(words, is_split_into_words=True)
    assert [word["word"] for word in one["pos"]["words"]] == words
    assert [(word["start"], word["end"]) for word in one["pos"]["words"]] == [(0, 1), (1, 2), (2, 3), (3, 4)]
    several = tag([words, [], text.split()], is_split_into_words=True)
    assert labels_in(several) == [*labels_in([one]), [], *labels_in([tag(text)])]
    data = Dataset.from_dict({"tokens": [words, text.split()]})
    assert labels_in(tag(data["tokens"], is_split_into_words=True)) == [*labels_in([one]), *labels_in([tag(text)])]
    assert tag([], is_split_into_words=True) == []


@pytest.mark.parametrize(
    ("inputs", "options", "message"),
    [
        (["a", None], {}, r"^text 1 is None, no text"),
        (["a", 3], {}, r"^text 1 is 3, no text"),
        ([["a", "b"]], {}, r"^text 0 is \['a', 'b'\], no text; lists of words need is_split_into_words=True"),
        (None, {}, "^inputs: None is neither a text nor several"),
        ({"text": "a"}, {}, "^inputs: .* is neither a text nor several"),
        ("a b", {"is_split_into_words": True}, "^inputs: 'a b' is neither a text nor several"),
        ([["a"], "b"], {"is_split_into_words": True}, "^sentence 1 is 'b'; it should be a list of words"),
        ([["a"], ["b", ""]], {"is_split_into_words": True}, "^sentence 1, word 1 is empty"),
        ("a", {"tasks": ["pos", "tree"]}, "^task 'tree' is none of this model's tasks: pos, ner, time$"),
        ("a", {"tasks": []}, "^tasks: name at least one of pos, ner, time$"),
        ("a", {"top_k": 0}, "^top_k should be"),
        ("a", {"batch_size": 0}, "^batch_size should be"),
        ("a", {"window_size": 4, "overlap": 4}, "^overlap should be"),
        ("a", {"aggregation_strategy": "max"}, "^aggregation_strategy 'max' is none of none, simple"),
    ],
)
def test_what_cannot_be_tagged_is_refused_in_one_line(tag, inputs, options, message):
    with pytest.raises(ValueError, match=message) as caught:
        tag(inputs, **options)
    assert "\n" not in str(caught.value)


def test_options_are_given_once_or_in_each_call():
    tag = pipeline_of(
        tiny_tagger(), tasks=["ner"], aggregation_strategy="none", top_k=1, batch_size=2, window_size=3, overlap=1
    )
    text = "Ann saw a good old bank in New York ."
    found = tag(text)
    assert list(found) == ["ner"]
    assert list(found["ner"]) == ["words"]
    assert len(found["ner"]["words"][0]["top_k"]) == 1
    shapes = []
    tag.model.register_forward_pre_hook(lambda *each: shapes.append(each[-1]["input_ids"].shape), with_kwargs=True)
    tag(text)
    assert (max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)) == (2, 3)
    changed = tag(text, tasks=("time", "pos", "time"), aggregation_strategy="simple", top_k=9, batch_size=1)
    assert list(changed) == ["time", "pos"]
    assert len(changed["pos"]["words"][0]["top_k"]) == 4
    assert shapes[-1][0] == 1
    assert list(tag(text)) == ["ner"]
    assert list(tag(text, tasks="pos")) == ["pos"]
    with pytest.raises(TypeError, match="agregation"):
        tag(text, agregation="simple")
    with pytest.raises(ValueError, match="window_size should be"):
        pipeline_of(tiny_tagger(), window_size=0)


def test_each_line_can_be_a_sentence(tag):
    lines = ["Ann saw New York .", "", "The old bank ."]
    found = tag("\n".join(lines), split_lines=True)
    apart = tag(lines)
    assert labels_in([found]) == [[label for labels in labels_in(apart) for label in labels]]
    starts = [word["start"] for word in found["pos"]["words"]]
    assert starts == [*(word["start"] for word in apart[0]["pos"]["words"]),
                      *(len(lines[0]) + 2 + word["start"] for word in apart[2]["pos"]["words"])]  # fmt: skip


def test_a_model_of_one_task_is_a_tagger_too():
    model = tiny_tagger(decoding="crf")
    found, expected = (pipeline_of(each, tasks="ner")(TEXTS) for each in (model.for_task("ner"), model))
    assert labels_in(found) == labels_in(expected)


def test_other_models_and_tokenizers_are_refused():
    other = AutoModelForTokenClassification.from_config(
        BertConfig(vocab_size=9, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4)
    )
    with pytest.raises(ValueError, match=r"^model: BertForTokenClassification is no multi-task tagger$"):
        pipeline_of(other)
    tokenizer = TaggerTokenizer.train_from_words([WORDS, ["more"]])
    with pytest.raises(ValueError, match=r"^tokenizer: not this model's; its vocab_size is 18, the model's 17$"):
        pipeline(TASK, model=tiny_tagger(), tokenizer=tokenizer, device="cpu")
    tokenizer = TaggerTokenizer.train_from_words([WORDS], word_features=["norm", "shape"])
    message = "^tokenizer: not this model's; it tells norm, shape of words, the model reads no features$"
    with pytest.raises(ValueError, match=message):
        pipeline(TASK, model=tiny_tagger(), tokenizer=tokenizer, device="cpu")


def test_the_model_is_not_trained_by_it():
    model = tiny_tagger()
    next(model.parameters()).requires_grad_()
    pipeline_of(model.train())(TEXTS)
    assert model.training
    assert not any(parameter.grad is not None for parameter in model.parameters())
    assert torch.isfinite(model(**tiny_batch()).logits["pos"]).all()


def test_it_is_known_by_its_name():
    entry = PIPELINE_REGISTRY.supported_tasks[TASK]
    assert entry["impl"] is MultiTaskTaggingPipeline
    assert entry["pt"] == (AutoModelForTokenClassification,)


def test_a_folder_with_code_is_loaded_without_a_question_by_those_who_have_the_package(tmp_path, monkeypatch):
    tag = pipeline_of(tiny_tagger(decoding="crf"))
    tag.save_pretrained(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["custom_pipelines"][TASK]["impl"] == "pipeline_multitask.MultiTaskTaggingPipeline"
    assert (tmp_path / "sentence_tagger.py").exists()
    config["auto_map"] = {
        "AutoConfig": "configuration_sluice.SluiceConfig",
        "AutoModelForTokenClassification": "modeling_sluice.SluiceForTokenClassification",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setattr("builtins.input", lambda *_: pytest.fail("a question"))
    for options in ({}, {"trust_remote_code": True}):
        loaded = pipeline(TASK, model=str(tmp_path), device="cpu", **options)
        assert type(loaded) is MultiTaskTaggingPipeline
        assert type(loaded.model) is type(tag.model)
        assert loaded(TEXTS) == tag(TEXTS)
