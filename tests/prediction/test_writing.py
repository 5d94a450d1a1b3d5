from __future__ import annotations

import json

import pytest

from hf_sluice.data.sentence import Place
from hf_sluice.errors import UserError
from hf_sluice.prediction.reading import InputFormat, SentenceReader
from hf_sluice.prediction.sentences import TaggedSentence, UntaggedSentence
from hf_sluice.prediction.writing import OutputFormat, write_sentences

STRANGE = [["a b", "#", "# c"], ["-DOCSTART-", '"', "\\", "ä😀", "1\u00a0000"], ["# global.columns = X"]]


def tagged(words, offsets=None, **predictions) -> TaggedSentence:
    return TaggedSentence(UntaggedSentence(words, Place("f", 3), offsets), predictions)


def write(sentences, tasks, form) -> str:
    return "".join(write_sentences(sentences, tasks, form))


def test_columns_are_headed_and_separated():
    sentences = [
        tagged(["The", "end"], pos=["DT", "NN"], length=[3.0, -0.25]),
        tagged(["No"], pos=["UH"], length=[2.0]),
    ]

    assert write(sentences, ["pos", "length"], OutputFormat.CONLL) == (
        "# global.columns = FORM pos length\nThe\tDT\t3.0\nend\tNN\t-0.25\n\nNo\tUH\t2.0\n\n"
    )


def test_json_lines_are_one_object_per_sentence():
    sentences = [tagged(["ä"], [(0, 1)], pos=["DT"], length=[3.5]), tagged(["b"], pos=["NN"], length=[1.0])]
    first, second = write(sentences, ["pos", "length"], OutputFormat.JSONL).splitlines()

    assert "ä" in first
    assert json.loads(first) == {"tokens": ["ä"], "offsets": [[0, 1]], "pos": ["DT"], "length": [3.5]}
    assert json.loads(second) == {"tokens": ["b"], "pos": ["NN"], "length": [1.0]}


@pytest.mark.parametrize(
    ("form", "read_as"), [(OutputFormat.CONLL, InputFormat.COLUMNS), (OutputFormat.JSONL, InputFormat.JSONL)]
)
def test_what_is_written_is_read_again(form, read_as):
    text = write([tagged(words, pos=["X"] * len(words)) for words in STRANGE], ["pos"], form)
    reader = SentenceReader(split=lambda _text: [])
    found = reader.read("f", enumerate(text.split("\n"), start=1), read_as)

    assert [list(sentence.words) for sentence in found] == STRANGE


@pytest.mark.parametrize("word", ["a\tb", "a\nb", " ", "\u00a0"])
def test_a_word_that_breaks_the_columns_is_an_error_with_its_place(word):
    with pytest.raises(UserError, match=r"^f:3: the word .* cannot stand in a column; use --output-format jsonl"):
        write([tagged(["a", word], pos=["X", "Y"])], ["pos"], OutputFormat.CONLL)
    assert json.loads(write([tagged([word], pos=["X"])], ["pos"], OutputFormat.JSONL))["tokens"] == [word]


def test_a_task_does_not_take_the_place_of_a_field():
    with pytest.raises(UserError, match="task 'offsets'"):
        write([], ["pos", "offsets"], OutputFormat.JSONL)


def test_a_sentence_is_written_before_the_next_is_asked_for():
    def sentences():
        yield tagged(["a"], pos=["X"])
        pytest.fail("asked for too early")

    pieces = write_sentences(sentences(), ["pos"], OutputFormat.CONLL)
    assert [next(pieces), next(pieces)] == ["# global.columns = FORM pos\n", "a\tX\n\n"]
