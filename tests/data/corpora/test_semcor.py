from __future__ import annotations

import tarfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.load import load_corpus
from hf_sluice.errors import DataError, UserError

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = """<s snum={number}>
<wf cmd=done pos=NNP lemma=group wnsn=1 lexsn=1:03:00:: pn=group>Grand_Jury</wf>
<wf cmd=done pos=VB lemma=take_place wnsn=1 lexsn=2:30:00::>took_place</wf>
<wf cmd=done pos=JJ lemma=recent wnsn=2 lexsn=5:00:00:past:00>recent</wf>
<wf cmd=done pos=NNP pn=other ot=notag>Blue_Boat</wf>
<wf cmd=done pos=NN lemma=friday wnsn=1 lexsn=1:28:00::>Friday</wf>
<punc>.</punc>
</s>
"""
DOCUMENTS = {"brown1": {"br-a01": 6, "br-a02": 2, "br-b13": 10}, "brown2": {"br-a03": 1}}


def pack(folder: Path, archive: str, sizes: dict[str, int]) -> None:
    with tarfile.open(folder / f"{archive}.tar.xz", "w:xz") as tar:
        for name, size in sizes.items():
            path = folder / name
            path.write_text("".join(SENTENCE.format(number=n) for n in range(1, size + 1)), encoding="utf-8")
            tar.add(path, arcname=f"{archive}/tagfiles/{name}")
            path.unlink()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "semcor"
    folder.mkdir()
    for archive, sizes in DOCUMENTS.items():
        pack(folder, archive, sizes)
    return tmp_path


def test_units_are_spans_and_names_of_unknown_sense_are_masked(root: Path):
    corpus = load_corpus("semcor", root=root)
    row = corpus["train"][0]
    names = corpus.tasks[0].labels

    assert row["tokens"] == ["Grand", "Jury", "took", "place", "recent", "Blue", "Boat", "Friday", "."]
    assert " ".join("?" if i is None else names[i] for i in row["supersense"]) == (
        "B-noun.group I-noun.group B-verb.change I-verb.change O ? ? B-noun.time O"
    )
    assert corpus.notes == ("supersense: 38 words in names of the kind 'other' have none that is known and are masked",)


def test_documents_are_split_within_their_genre(root: Path):
    corpus = load_corpus("semcor", root=root)
    documents = {
        split: Counter((corpus.domains[row["domain"]], row["sent_id"].rpartition("-")[0]) for row in data)
        for split, data in corpus.items()
    }

    assert documents == {
        "train": {("reportage", "br-a01"): 6, ("editorial", "br-b13"): 8},
        "validation": {("reportage", "br-a02"): 2, ("editorial", "br-b13"): 1},
        "test": {("reportage", "br-a03"): 1, ("editorial", "br-b13"): 1},
    }
    assert corpus["test"]["sent_id"][:] == ["br-a03-1", "br-b13-10"]


def test_what_is_not_there_is_named(root: Path):
    with pytest.raises(UserError, match="corpus 'semcor': there is no task 'pos'; it has supersense"):
        load_corpus("semcor", root=root, tasks=["pos"])
    pack(root / "semcor", "brown2", {"wsj-1": 1})
    with pytest.raises(DataError, match=r"wsj-1: document 'wsj-1' is none of the Brown Corpus"):
        load_corpus("semcor", root=root)
    (root / "semcor" / "brown2.tar.xz").unlink()
    with pytest.raises(DataError, match=r"brown2\.tar\.xz: no such file"):
        load_corpus("semcor", root=root)


@pytest.mark.real_data
def test_published_corpus_has_the_documented_counts(data_root: Path):
    corpus = load_corpus("semcor", root=data_root)
    names = corpus.tasks[0].labels
    begun = [names[i] for data in corpus.values() for row in data["supersense"] for i in row if i is not None]

    assert {split: len(data) for split, data in corpus.items()} == {"train": 16_510, "validation": 1_778, "test": 1_850}
    assert sum(len(tokens) for data in corpus.values() for tokens in data["tokens"]) == 380_281 + 54_556
    assert sum(label.startswith("B-") for label in begun) == 136_386
    assert len(names) == 1 + 2 * 41
    genres = {split: set(data["domain"]) for split, data in corpus.items()}
    assert all(len(found) == 15 for found in genres.values())
