from __future__ import annotations

from dataclasses import replace

import pytest

from hf_sluice.errors import UserError
from hf_sluice.evaluation.saved_tagger import evaluate_tagger, model_tasks
from hf_sluice.tasks import Task
from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.scoring import score_split
from tests.prediction.tiny_tagger import CHUNK, LENGTH, POS, TASKS, tiny_tagger
from tests.training.tiny_training import corpus_of, sentence

SENTENCES = [
    sentence("the bank raised", 1, "news", pos=["D", "N", "V"], chunk=["B-NP", "I-NP", "O"], length=[3.0, 4.0, 6.0]),
    sentence("she saw it", 2, "chat", pos=["N", "V", None], chunk=None, length=[1.0, None, 2.0]),
    sentence("the meeting", 3, None, pos=["D", "N"], chunk=["B-NP", "B-NP"], length=None),
]


@pytest.fixture(scope="module")
def tagger():
    return tiny_tagger()


def corpus(*tasks, sentences=SENTENCES):
    return corpus_of(tasks or TASKS, train=sentences, test=sentences)


def test_scores_are_those_of_the_split(tagger):
    model, tokenizer = tagger
    data = corpus()
    found = evaluate_tagger(model, tokenizer, data, "test")

    assert found.rows == score_split(model, encode_split(data["test"], tokenizer, TASKS), TASKS).compute()
    assert found.tasks == TASKS == model_tasks(model)
    assert found.notes == ()


def test_labels_are_compared_by_name(tagger):
    renumbered = replace(POS, labels=("X", "V", "N", "D", "Y"))

    assert evaluate_tagger(*tagger, corpus(renumbered, CHUNK, LENGTH), "test").rows == (
        evaluate_tagger(*tagger, corpus(), "test").rows
    )


def test_an_unknown_label_is_an_error_with_task_and_sentence(tagger):
    strange = [*SENTENCES, sentence("old bank", 4, pos=["J", "N"])]
    with pytest.raises(UserError, match=r"task 'pos': the model does not know label 'J' \(sentence 's4'\).* D, N, V"):
        evaluate_tagger(*tagger, corpus(Task("pos"), sentences=strange), "test")


def test_what_is_not_scored_is_said(tagger):
    extra = Task("mood", ("I", "S"))
    without_chunks = [replace(s, layers={**s.layers, "chunk": None, "mood": None}) for s in SENTENCES]
    found = evaluate_tagger(*tagger, corpus(POS, CHUNK, extra, sentences=without_chunks), "test")

    assert found.tasks == (POS,)
    assert {row.task for row in found.rows} == {"pos"}
    assert found.notes == (
        "task length: not in the data",
        "task chunk: no label in split test",
        "task mood: in the data, not in the model",
    )


@pytest.mark.parametrize(
    ("tasks", "split", "message"),
    [
        (TASKS, "validation", "split 'validation': the corpus has none; it has train, test"),
        ((Task("mood", ("I",)),), "test", "the data has none of the model's tasks: mood instead of pos, chunk, length"),
        (
            (replace(CHUNK, scheme="IOB1"),),
            "test",
            "task 'chunk': its scheme is IOB1 in the data and IOB2 in the model",
        ),
        (
            (Task("length", ("1.0",)),),
            "test",
            "task 'length': its kind is classification in the data and regression in the model",
        ),
    ],
)
def test_data_that_do_not_fit_are_an_error(tagger, tasks, split, message):
    sentences = [replace(s, layers={}) for s in SENTENCES]
    with pytest.raises(UserError, match=f"^{message}$"):
        evaluate_tagger(*tagger, corpus(*tasks, sentences=sentences), split)
