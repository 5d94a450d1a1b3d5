from __future__ import annotations

import lzma
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    "wnut17train.conll": "@ann\tO\nEmpire\tB-location\nState\tI-location\n\t\n#x\tO\n",
    "emerging.dev.conll": "so\tO\n\nAnn\tB-person\n\n",
    "emerging.test.annotated": "Go\tB-creative-work\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "wnut17"
    folder.mkdir()
    for name, text in TEXTS.items():
        with lzma.open(folder / f"{name}.xz", "wt", encoding="utf-8") as file:
            file.write(text)
    return tmp_path


def test_words_labels_and_splits(root: Path):
    corpus = load_corpus("wnut17", root=root)

    assert {split: data["tokens"][:] for split, data in corpus.items()} == {
        "train": [["@ann", "Empire", "State"], ["#x"]],
        "validation": [["so"], ["Ann"]],
        "test": [["Go"]],
    }
    labels = corpus.tasks[0].labels
    assert labels == ("O", "B-creative-work", "B-location", "B-person", "I-location")
    assert [labels[i] for i in corpus["train"]["ner"][0]] == ["O", "B-location", "I-location"]
    assert corpus.domains == ()


def test_what_is_not_there_is_named(root: Path):
    with pytest.raises(UserError, match="corpus 'wnut17': there is no task 'pos'; it has ner"):
        load_corpus("wnut17", root=root, tasks=["pos"])
    (root / "wnut17" / "emerging.dev.conll.xz").write_bytes(lzma.compress(b"a O\n"))
    with pytest.raises(DataError, match=r"emerging\.dev\.conll\.xz:1: ragged line"):
        load_corpus("wnut17", root=root)
    (root / "wnut17" / "emerging.dev.conll.xz").unlink()
    with pytest.raises(DataError, match=r"wnut17: the file emerging\.dev\.conll \(plain, \.xz or \.gz\) is missing"):
        load_corpus("wnut17", root=root)


@pytest.mark.real_data
def test_published_corpus_has_the_documented_counts(data_root: Path):
    corpus = load_corpus("wnut17", root=data_root)
    labels = corpus.tasks[0].labels
    types = ("person", "location", "group", "corporation", "creative-work", "product")
    for split, sentences, words, with_entity, spans in (
        ("train", 3_394, 62_730, 1_228, (660, 548, 264, 221, 140, 142)),
        ("validation", 1_009, 15_733, 628, (470, 74, 39, 34, 105, 114)),
        ("test", 1_287, 23_394, 689, (429, 150, 165, 66, 142, 127)),
    ):
        data = corpus[split]
        begun = Counter(labels[i] for row in data["ner"] for i in row)
        assert (len(data), begun.total()) == (sentences, words)
        assert sum(any(row) for row in data["ner"]) == with_entity
        assert tuple(begun[f"B-{name}"] for name in types) == spans
    assert len(labels) == 13
