import json

import pytest

from hf_sluice.models.prepared_text import prepare_raw_text, prepare_words
from hf_sluice.models.sentence_tagger import WordValues
from hf_sluice.models.tagging_results import task_result
from hf_sluice.models.word_splitting import split_words

NER = {"name": "ner", "labels": ["O", "B-PER", "I-PER"], "scheme": "IOB2"}
TEXT = "Ann  Lee saw\nBob ."


def test_a_raw_text_by_hand():
    prepared = prepare_raw_text(TEXT, 0, split_words, split_lines=True)
    sentences = [WordValues(["B-PER", "I-PER", "O"], [0.5, 0.75, 1.0]), WordValues(["I-PER", "O"], [0.25, 0.5])]
    result = task_result(NER, prepared, sentences, with_spans=True)
    assert result["words"][1] == {"word": "Lee", "label": "I-PER", "score": 0.75, "start": 5, "end": 8}
    assert result["spans"] == [
        {
            "entity_group": "PER",
            "score": 0.625,
            "word": "Ann  Lee",
            "start": 0,
            "end": 8,
            "word_start": 0,
            "word_end": 2,
        },
        {"entity_group": "PER", "score": 0.25, "word": "Bob", "start": 13, "end": 16, "word_start": 3, "word_end": 4},
    ]
    assert json.loads(json.dumps(result)) == result


def test_no_span_reaches_into_the_next_sentence():
    sentences = [WordValues(["O", "O", "B-PER"], [1.0] * 3), WordValues(["I-PER", "O"], [1.0] * 2)]
    prepared = prepare_raw_text(TEXT, 0, split_words, split_lines=True)
    assert len(task_result(NER, prepared, sentences, with_spans=True)["spans"]) == 2
    prepared = prepare_raw_text(TEXT, 0, split_words)
    together = [WordValues(["O", "O", "B-PER", "I-PER", "O"], [1.0] * 5)]
    (span,) = task_result(NER, prepared, together, with_spans=True)["spans"]
    assert (span["word"], span["word_start"], span["word_end"]) == ("saw\nBob", 2, 4)


def test_given_words_by_hand():
    values = [WordValues(["O", "B-PER", "I-PER"], [1.0, 0.5, 0.5], [[("O", 1.0)], [("B-PER", 0.5)], [("O", 0.5)]])]
    result = task_result(NER, prepare_words(["x", "a b", "c"], 0), values, with_spans=True)
    assert result["words"][2] == {
        "word": "c", "label": "I-PER", "score": 0.5, "start": 2, "end": 3, "top_k": [{"label": "O", "score": 0.5}]
    }  # fmt: skip
    assert result["spans"] == [
        {"entity_group": "PER", "score": 0.5, "word": "a b c", "start": 1, "end": 3, "word_start": 1, "word_end": 3}
    ]


def test_numbers_by_hand():
    task = {"name": "time", "kind": "regression"}
    result = task_result(task, prepare_words(["a", "b"], 0), [WordValues([0.5, -1.0])], with_spans=True)
    assert result == {
        "words": [{"word": "a", "value": 0.5, "start": 0, "end": 1}, {"word": "b", "value": -1.0, "start": 1, "end": 2}]
    }


def test_spans_are_there_where_they_are_asked_for_and_the_labels_mark_any():
    prepared = prepare_words([], 0)
    assert task_result(NER, prepared, [], with_spans=True) == {"words": [], "spans": []}
    assert task_result(NER, prepared, [], with_spans=False) == {"words": []}
    for task in ({"name": "pos", "labels": ["N"]}, {"name": "pos", "labels": ["N"], "scheme": "none"}):
        assert task_result(task, prepared, [], with_spans=True) == {"words": []}


def test_a_label_that_the_scheme_does_not_have_names_the_task():
    with pytest.raises(ValueError, match=r"^task 'ner': label 'N' is not IOB2: "):
        task_result(NER, prepare_words(["a"], 0), [WordValues(["N"], [1.0])], with_spans=True)
