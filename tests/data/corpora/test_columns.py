from __future__ import annotations

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError
from hf_sluice.tasks import Task

NER = {"name": "ner", "scheme": "IOB2", "metric": "span_f1"}
TIME = {"name": "time", "kind": "regression", "metric": "spearman", "column": "ms"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "web.conll").write_text("Ann B-PER 10\nran O 20\n\nBob B-PER _\n")
    (tmp_path / "news.conll").write_text("Rome B-LOC 30\n")
    (tmp_path / "test.conll").write_text("Eve B-PER 1\n")
    return tmp_path


def load(folder, **options):
    described = {
        "tasks": [NER, TIME],
        "files": {"train": ["web.conll", "news.conll"], "test": "test.conll"},
        "columns": ["token", "ner", "ms"],
        "missing": "_",
        "domain": {"source": "file", "pattern": r"(\w+)\.conll$"},
    }
    return load_corpus("columns", root=folder, **{**described, **options})


def test_a_corpus_of_column_files(folder):
    corpus = load(folder)
    assert corpus.tasks == (
        Task(**NER, labels=("O", "B-LOC", "B-PER")),
        Task("time", kind="regression", metric="spearman"),
    )
    assert corpus["train"][:] == {
        "tokens": [["Ann", "ran"], ["Bob"], ["Rome"]],
        "ner": [[2, 0], [2], [1]],
        "time": [[10.0, 20.0], [None], [30.0]],
        "domain": [2, 2, 0],
        "sent_id": ["web.conll-1", "web.conll-2", "news.conll-1"],
    }
    assert corpus.domains == ("news", "test", "web")


def test_domains_are_kept(folder):
    assert load(folder, domains={"train": "news"})["train"]["tokens"][:] == [["Rome"]]


def test_options_reach_the_format(folder):
    (folder / "odd.conll").write_text("# sent_id = x\n\tO\nb\tO\n\n=====\n-DOCSTART-\tO\n")
    corpus = load(
        folder,
        tasks=[NER],
        files={"train": "odd.conll"},
        columns=["form", "ner"],
        word="form",
        separator="tab",
        comment_prefix="# ",
        empty_word="?",
        document_start="=====",
        domain="odd",
    )
    assert corpus["train"]["tokens"][:] == [["?", "b"], ["-DOCSTART-"]]
    assert corpus["train"]["sent_id"][:] == ["x", "odd.conll-2"]
    assert corpus.domains == ("odd",)


def test_unknown_label_in_test_data(folder):
    (folder / "test.conll").write_text("\nEve B-GOD 1\n")
    with pytest.raises(DataError) as caught:
        load(folder)
    assert str(caught.value) == (
        f"{folder}/test.conll:2: task 'ner': label 'B-GOD' is not one of O, B-LOC, B-PER (word 1, 'Eve')"
    )


def test_an_empty_file_is_named(folder):
    (folder / "test.conll").write_text("")
    with pytest.raises(DataError, match=r"test\.conll: no sentences"):
        load(folder)


def test_labels_that_do_not_fit_the_scheme_are_named(folder):
    (folder / "news.conll").write_text("Rome LOC 30\n")
    with pytest.raises(DataError, match=r"news\.conll:1: task 'ner': label 'LOC' is not IOB2"):
        load(folder)


def test_bad_options(folder):
    with pytest.raises(UserError, match="separator 'comma' is not one of tab, whitespace"):
        load(folder, separator="comma")
    with pytest.raises(UserError, match="no column 'ms' for task 'time'; there is token, ner"):
        load(folder, columns=["token", "ner"])


@pytest.mark.real_data
def test_broad_twitter(data_root):
    corpus = load_corpus(
        "columns",
        tasks=[NER],
        root=data_root / "broad-twitter",
        files={"train": "btc.train.xz", "validation": "btc.dev.xz", "test": "btc.test.xz"},
        columns=["token", "ner"],
        separator="tab",
        empty_word="\ufffd",
    )
    assert {split: len(data) for split, data in corpus.items()} == {"train": 6338, "validation": 1001, "test": 2001}
    assert corpus.tasks[0].labels == ("O", "B-LOC", "B-ORG", "B-PER", "I-LOC", "I-ORG", "I-PER")
