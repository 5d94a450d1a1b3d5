from __future__ import annotations

import gzip
import json

import pytest

from hf_sluice.data.corpora.demo import load_demo_corpus

WORDS = load_demo_corpus(train_sentences=4, validation_sentences=4, test_sentences=90)["test"]["tokens"][:]
TASKS = ["pos", "chunk", "ner"]


def read_conll(text: str) -> tuple[list[str], list[list[list[str]]]]:
    """The header's names, and per sentence the cells of its rows."""
    header, body = text.split("\n", 1)
    assert body.endswith("\n\n")
    names = header.removeprefix("# global.columns = ").split()
    return names, [[row.split("\t") for row in block.split("\n")] for block in body[:-2].split("\n\n")]


@pytest.fixture
def files(tmp_path):
    """The same sentences in each format."""
    written = {
        "a.tok": "\n".join(map(" ".join, WORDS)),
        "a.jsonl": "\n".join(json.dumps({"tokens": words}) for words in WORDS),
        "a.conll": "\n\n".join("\n".join(f"_ {word} X" for word in words) for words in WORDS),
        "a.conllu": "\n\n".join(
            "\n".join(f"{i}\t{word}" + "\t_" * 8 for i, word in enumerate(words, start=1)) for words in WORDS
        ),
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def expected(hf_sluice, demo_run, files) -> str:
    done = hf_sluice("predict", demo_run, files / "a.tok")
    assert (done.code, done.err) == (0, "")
    return done.out


def test_words_and_their_order_are_kept(expected):
    names, sentences = read_conll(expected)

    assert names == ["FORM", *TASKS]
    assert [[row[0] for row in sentence] for sentence in sentences] == WORDS
    assert all(len(row) == 4 for sentence in sentences for row in sentence)


def test_every_format_gives_the_same(hf_sluice, demo_run, files, expected):
    for name in ("a.jsonl", "a.conllu"):
        assert hf_sluice("predict", demo_run, files / name).out == expected
    assert hf_sluice("predict", demo_run, files / "a.conll", "--word-column", 2).out == expected
    assert hf_sluice("predict", demo_run, files / "a.conll", "--word-column", 3).out != expected


def test_what_was_written_can_be_read_again(hf_sluice, demo_run, files, expected):
    (files / "tagged.conll").write_text(expected, encoding="utf-8")
    assert hf_sluice("predict", demo_run, files / "tagged.conll").out == expected


def test_batches_change_nothing(hf_sluice, demo_run, files, expected):
    for size in (1, 7, 500):
        assert hf_sluice("predict", demo_run, files / "a.tok", "--batch-size", size).out == expected


def test_standard_input_is_as_good_as_a_file(hf_sluice, demo_run, files, expected):
    stdin = (files / "a.tok").read_bytes()
    assert hf_sluice("predict", demo_run, "--input-format", "tokens", stdin=stdin).out == expected
    assert hf_sluice("predict", demo_run, "-", "--input-format", "tokens", stdin=stdin).out == expected


def test_several_files_follow_each_other(hf_sluice, demo_run, files, expected):
    (files / "b.jsonl.gz").write_bytes(gzip.compress((files / "a.jsonl").read_bytes()))
    done = hf_sluice("predict", demo_run, files / "a.tok", files / "b.jsonl.gz")
    names, sentences = read_conll(done.out)

    assert names == ["FORM", *TASKS]
    assert sentences == read_conll(expected)[1] * 2


def test_json_lines_say_the_same_as_columns(hf_sluice, demo_run, files, expected):
    lines = hf_sluice("predict", demo_run, files / "a.tok", "--output-format", "jsonl").out.splitlines()
    _, sentences = read_conll(expected)

    for line, rows in zip(lines, sentences, strict=True):
        columns = list(map(list, zip(*rows, strict=True)))
        assert json.loads(line) == dict(zip(["tokens", *TASKS], columns, strict=True))


def test_text_is_split_and_its_offsets_kept(hf_sluice, demo_run):
    text = "She didn't go, did she?"
    options = ("--output-format", "jsonl")
    done = hf_sluice("predict", demo_run, "--text", text, "--text", "No.", *options)
    first, second = map(json.loads, done.out.splitlines())

    assert first["tokens"] == ["She", "did", "n't", "go", ",", "did", "she", "?"]
    assert [text[start:end] for start, end in first["offsets"]] == first["tokens"]
    assert second["tokens"] == ["No", "."]
    assert hf_sluice("predict", demo_run, *options, stdin=f"{text}\n\nNo.\n".encode()).out == done.out


def test_only_the_tasks_asked_for_are_written(hf_sluice, demo_run, files, expected):
    names, sentences = read_conll(hf_sluice("predict", demo_run, files / "a.tok", "--tasks", "ner, pos").out)

    assert names == ["FORM", "ner", "pos"]
    assert sentences == [[[row[0], row[3], row[1]] for row in rows] for rows in read_conll(expected)[1]]


def test_a_file_is_written_once_all_is_done(hf_sluice, demo_run, files, expected):
    output = files / "out.conll"
    done = hf_sluice("predict", demo_run, files / "a.tok", "--output", output)
    assert (done.code, done.out) == (0, "")
    assert output.read_text(encoding="utf-8") == expected

    (files / "bad.tok").write_bytes(b"fine\n" * 5000 + b"\xff\n")
    done = hf_sluice("predict", demo_run, files / "bad.tok", "--output", output)
    assert done.code == 2
    assert output.read_text(encoding="utf-8") == expected
    assert not list(files.glob("*.writing"))


def test_words_outside_of_ascii_are_written_as_utf_8(hf_sluice, demo_run):
    assert hf_sluice("predict", demo_run, "--text", "naïve 😀").out.splitlines()[1].startswith("naïve\t")


@pytest.mark.parametrize("arguments", [["--text", "a", "a.txt"], ["a.unknown"], ["--tasks", "nre", "--text", "a"]])
def test_arguments_that_contradict_are_refused(hf_sluice, demo_run, arguments):
    done = hf_sluice("predict", demo_run, *arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("hf-sluice: ")
