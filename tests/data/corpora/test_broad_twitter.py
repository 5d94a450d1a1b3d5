from __future__ import annotations

import lzma
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.columns import ColumnFormat, Separator, read_columns
from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from pathlib import Path

    from hf_sluice.data.corpus import TaggingCorpus

SECTIONS = "abefgh"
TWEETS = "@\tO\nAnn {0}\tB-PER\n\nin\tO\nRome\tB-LOC\n,\tI-LOC\n \nACME\tB-ORG\n\n"  # the last but one line is a space


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "broad-twitter"
    folder.mkdir()
    for section in SECTIONS:
        with lzma.open(folder / f"{section}.conll.xz", "wt", encoding="utf-8") as file:
            file.write(TWEETS.format(section))
    return tmp_path


def labels(corpus: TaggingCorpus, split: str, row: int) -> list[str]:
    names = corpus[split].features["ner"].feature.names
    return [names[i] for i in corpus[split][row]["ner"]]


def test_the_sections_are_the_domains_and_make_up_the_published_split(root: Path):
    corpus = load_corpus("broad_twitter", root=root)

    ids = {split: data["sent_id"][:] for split, data in corpus.items()}
    assert ids == {
        "train": [*(f"{section}-{number:04d}" for section in "abeg" for number in (1, 2, 3)), "h-0001"],
        "validation": ["h-0002", "h-0003"],
        "test": ["f-0001", "f-0002", "f-0003"],
    }
    assert corpus.domains == tuple(SECTIONS)
    for split, data in corpus.items():
        assert [corpus.domains[number] for number in data["domain"]] == [sent_id[0] for sent_id in ids[split]]


def test_words_and_labels(root: Path):
    corpus = load_corpus("broad_twitter", root=root, tasks=["ner"])

    assert corpus["test"]["tokens"][:] == [["@", "Ann f"], ["in", "Rome", ","], ["ACME"]]
    assert [labels(corpus, "test", row) for row in range(3)] == [["O", "B-PER"], ["O", "B-LOC", "I-LOC"], ["B-ORG"]]
    assert [task.name for task in corpus.tasks] == ["ner"]
    assert corpus.notes == ()


def test_the_label_set_is_that_of_all_splits(root: Path):
    (root / "broad-twitter" / "f.conll.xz").unlink()
    (root / "broad-twitter" / "f.conll").write_text("x\tI-ORG\n", encoding="utf-8")

    assert load_corpus("broad_twitter", root=root).tasks[0].labels == (
        "O", "B-LOC", "B-ORG", "B-PER", "I-LOC", "I-ORG")  # fmt: skip


def test_a_row_without_a_word_is_noted(root: Path):
    with lzma.open(root / "broad-twitter" / "f.conll.xz", "wt", encoding="utf-8") as file:
        file.write("a\tO\n\tO\n\n\tO\n")
    corpus = load_corpus("broad_twitter", root=root)

    assert corpus["test"]["tokens"][:] == [["a", "\ufffd"], ["\ufffd"]]
    assert corpus.notes == ("2 rows of the files have no word; \ufffd (U+FFFD) stands in its place",)


def test_what_is_not_there_is_named(root: Path):
    with pytest.raises(UserError, match="corpus 'broad_twitter': there is no task 'pos'; it has ner"):
        load_corpus("broad_twitter", root=root, tasks=["pos"])
    (root / "broad-twitter" / "e.conll.xz").write_bytes(lzma.compress(b"a O\n"))
    with pytest.raises(DataError, match=r"e\.conll\.xz:1: ragged line"):
        load_corpus("broad_twitter", root=root)
    (root / "broad-twitter" / "e.conll.xz").unlink()
    with pytest.raises(DataError, match=r"broad-twitter: the file e\.conll \(plain, \.xz or \.gz\) is missing"):
        load_corpus("broad_twitter", root=root)


@pytest.fixture(scope="module")
def published(data_root: Path) -> TaggingCorpus:
    return load_corpus("broad_twitter", root=data_root)


@pytest.mark.real_data
def test_published_corpus_has_the_documented_counts(published: TaggingCorpus):
    counts = {
        split: Counter(published.tasks[0].labels[i] for row in data["ner"] for i in row)
        for split, data in published.items()
    }
    assert {split: len(data) for split, data in published.items()} == {
        "train": 6_338,
        "validation": 1_001,
        "test": 2_001,
    }
    assert {split: found.total() for split, found in counts.items()} == {
        "train": 99_933,
        "validation": 15_027,
        "test": 35_428,
    }
    for split, expected in {
        "train": (4_084, 2_030, 2_665),
        "validation": (1_194, 156, 380),
        "test": (2_650, 636, 1_090),
    }.items():
        assert tuple(counts[split][f"B-{span_type}"] for span_type in ("PER", "LOC", "ORG")) == expected
    assert published.notes == ("5 rows of the files have no word; \ufffd (U+FFFD) stands in its place",)


@pytest.mark.real_data
@pytest.mark.parametrize(("split", "file"), [("train", "train"), ("validation", "dev"), ("test", "test")])
def test_the_sections_make_up_the_published_files(published: TaggingCorpus, data_root: Path, split: str, file: str):
    form = ColumnFormat(("token", "ner"), {"ner": "ner"}, separator=Separator.TAB, empty_word="\ufffd")
    read = list(read_columns(data_root / "broad-twitter" / f"btc.{file}.xz", form))
    names = published.tasks[0].labels

    assert published[split]["tokens"][:] == [list(sentence.tokens) for sentence in read]
    assert [[names[i] for i in row] for row in published[split]["ner"]] == [list(s.layers["ner"]) for s in read]
