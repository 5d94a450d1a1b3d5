from __future__ import annotations

import json

from hf_sluice.data.assemble import assemble
from hf_sluice.data.data_record import data_record
from hf_sluice.data.sentence import Sentence
from hf_sluice.data.statistics import describe
from hf_sluice.tasks import Task

TASKS = [Task("pos", ("NN", "VB", "FW")), Task("gaze", kind="regression", metric="spearman")]


def sentence(number, tokens, labels, domain, gaze=None):
    return Sentence(tokens.split(), {"pos": labels and labels.split(), "gaze": gaze}, str(number), domain)


def record():
    train = [sentence(1, "the dog Runs", "NN NN VB", "news", [1.0, None, 2.5]), sentence(2, "The", None, "chat")]
    test = [sentence(3, "a dog", "NN NN", "news")]
    return data_record(describe(assemble({"train": train, "test": test}, TASKS, ["a note"])))


def test_sizes_stand_per_split_for_all_sentences_and_for_the_domains_that_have_some():
    keys = ("split", "domain", "sentences", "words", "types", "unknown_words", "labelled")
    rows = [
        ("train", None, 2, 4, 3, None, {"pos": 3, "gaze": 2}),
        ("train", "chat", 1, 1, 1, None, {"pos": 0, "gaze": 0}),
        ("train", "news", 1, 3, 3, None, {"pos": 3, "gaze": 2}),
        ("test", None, 1, 2, 2, 1, {"pos": 2, "gaze": 0}),
        ("test", "news", 1, 2, 2, 1, {"pos": 2, "gaze": 0}),
    ]

    assert record()["groups"] == [dict(zip(keys, row, strict=True)) for row in rows]


def test_labels_of_training_are_counted_those_that_never_occur_too():
    assert record()["training_labels"] == {"pos": {"NN": 2, "VB": 1, "FW": 0}}


def test_notes_are_kept_and_all_is_plain():
    values = record()

    assert values["notes"] == ["a note"]
    assert json.loads(json.dumps(values)) == values
