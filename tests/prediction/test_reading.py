from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError, UserError
from hf_sluice.models.word_splitting import split_words
from hf_sluice.prediction.reading import InputFormat, SentenceReader, format_of

WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=4)
SENTENCES = st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=4)


def read(text: str, form: InputFormat, **options):
    lines = enumerate(text.split("\n"), start=1)
    return list(SentenceReader(split_words, **options).read("f", lines, form))


def words(text: str, form: InputFormat, **options) -> list[list[str]]:
    return [list(sentence.words) for sentence in read(text, form, **options)]


@given(SENTENCES)
def test_all_formats_of_words_read_the_same_sentences(sentences):
    written = {
        InputFormat.TOKENS: "\n".join(map(" ".join, sentences)),
        InputFormat.JSONL: "\n".join(json.dumps({"tokens": sentence}) for sentence in sentences),
        InputFormat.COLUMNS: "# global.columns = FORM\n" + "\n\n".join("\n".join(s) for s in sentences),
        InputFormat.CONLLU: "\n\n".join(
            "\n".join(f"{i}\t{word}" + "\t_" * 8 for i, word in enumerate(s, start=1)) for s in sentences
        ),
    }
    for form, text in written.items():
        assert words(text, form) == sentences, form


def test_text_is_cut_into_words_that_its_offsets_find_again():
    text = "She didn't go.\n \n\u200b\nA  second   one"
    lines = text.split("\n")
    sentences = read(text, InputFormat.TEXT)

    assert [list(sentence.words) for sentence in sentences] == [
        ["She", "did", "n't", "go", "."],
        ["A", "second", "one"],
    ]
    assert [sentence.place for sentence in sentences] == [Place("f", 1), Place("f", 4)]
    for sentence in sentences:
        line = lines[sentence.place.line - 1]
        assert [line[start:end] for start, end in sentence.offsets] == sentence.words


def test_given_words_have_no_offsets_and_are_not_cut():
    (sentence,) = read("did_n't o.k.,  5%\t!", InputFormat.TOKENS)

    assert sentence.words == ["did_n't", "o.k.,", "5%", "!"]
    assert sentence.offsets is None


def test_other_spaces_belong_to_words():
    assert words("1\u00a0000 a\u2028b", InputFormat.TOKENS) == [["1\u00a0000", "a\u2028b"]]


def test_json_may_hold_more_than_the_words():
    assert words('{"id": 7, "tokens": ["a b", "c"], "pos": [1, 2]}\n\n', InputFormat.JSONL) == [["a b", "c"]]


@pytest.mark.parametrize(
    ("text", "form", "message"),
    [
        ('{"tokens": ["a"]}\n{"tokens": []}', InputFormat.JSONL, r"f:2: a sentence without words"),
        ('{"tokens": ["a"]', InputFormat.JSONL, r"f:1: not JSON"),
        ("[" * 100_000, InputFormat.JSONL, r"f:1: not JSON"),
        ('["a"]', InputFormat.JSONL, r"f:1: an object with a list of words"),
        ('{"tokens": "a b"}', InputFormat.JSONL, r"f:1: an object with a list of words"),
        ('{"words": ["a"]}', InputFormat.JSONL, r"f:1: an object with a list of words"),
        ('{"tokens": ["a", 1]}', InputFormat.JSONL, r"f:1: word 2 is 1"),
        ('{"tokens": ["\\ud800"]}', InputFormat.JSONL, r"f:1: word 1 holds half"),
        ("a X\nb", InputFormat.COLUMNS, r"f:2: ragged line"),
        ("1\ta", InputFormat.CONLLU, r"f:1: "),
        *((blank, form, "f: no sentences") for form in InputFormat for blank in ("", "\n\n")),
    ],
)
def test_what_is_not_the_format_is_an_error_with_its_place(text, form, message):
    with pytest.raises(DataError, match=f"^{message}"):
        read(text, form)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", "text"), ("b/a.b.tok", "tokens"), ("a.conll", "columns"), ("a.TSV", "columns"), ("a.jsonl", "jsonl"),
        ("a.conllu", "conllu"), ("a.conllup", "columns"), ("a.jsonl.gz", "jsonl"), ("a.txt.xz", "text"),
    ],
)  # fmt: skip
def test_names_tell_formats(name, form):
    assert format_of(Path(name)) == form


@pytest.mark.parametrize("name", ["a", "a.gz", "a.doc", "txt", "a.txt.zip"])
def test_a_name_that_tells_no_format_is_an_error(name):
    with pytest.raises(UserError, match=rf"^{name}: .*--input-format \(text, tokens, columns, conllu, jsonl\)"):
        format_of(Path(name))


def test_sentences_come_before_the_input_ends():
    def endless():
        number = 0
        while True:
            number += 1
            yield number, f"word{number}"

    stream = SentenceReader(split_words).read("f", endless(), InputFormat.TEXT)
    assert [next(stream).words for _ in range(3)] == [["word1"], ["word2"], ["word3"]]
