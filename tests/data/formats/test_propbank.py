from __future__ import annotations

import tarfile
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.propbank import read_skeletons
from hf_sluice.data.spans import Span
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
google/ewt/weblog/00/a.xml    0   0   [WORD]    PRP     (TOP(S(NP*)     -     -       (ARG0*)
google/ewt/weblog/00/a.xml    0   1   [WORD]    VBZ         (VP*        see   see.01     (V*)
google/ewt/weblog/00/a.xml    0   2   [WORD]    NN       (NP*))))       -     -       (ARG1*)

google/ewt/weblog/00/a.xml    1   0   [WORD]    UH     (TOP(INTJ*))     -     -

"""


def write(folder: Path, text: str) -> Path:
    path = folder / "a.xml.gold_skel"
    path.write_text(text, encoding="utf-8")
    return path


def test_sentences_of_a_file(tmp_path: Path):
    first, second = read_skeletons(write(tmp_path, FILE))
    assert (first.document, first.number, first.tags) == ("google/ewt/weblog/00/a.xml", 0, ("PRP", "VBZ", "NN"))
    assert str(first.tree) == "(TOP (S (NP (PRP [WORD])) (VP (VBZ [WORD]) (NP (NN [WORD])))))"
    (predicate,) = first.predicates
    assert (predicate.index, predicate.lemma, predicate.roleset) == (1, "see", "see.01")
    assert predicate.spans == (Span("ARG0", 0, 1), Span("V", 1, 2), Span("ARG1", 2, 3))
    assert (second.number, second.predicates, second.place.line) == (1, (), 5)


def test_an_archive_gives_what_the_file_gives(tmp_path: Path):
    path = write(tmp_path, FILE)
    archive = tmp_path / "skel.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(path, arcname="data/a.xml.gold_skel")
    packed, plain = list(read_skeletons(archive)), list(read_skeletons(path))
    assert [(s.document, s.number, s.tags, s.tree, s.predicates) for s in packed] == [
        (s.document, s.number, s.tags, s.tree, s.predicates) for s in plain
    ]
    assert packed[0].place.path == f"{archive}!data/a.xml.gold_skel"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("0   1   [WORD]", "0   2   [WORD]", 2, "token number '2' where 1 is expected"),
        ("0   1   [WORD]", "1   1   [WORD]", 2, "one number and one document per sentence"),
        ("1   0   [WORD]", "x   0   [WORD]", 5, "one number and one document per sentence"),
        ("(NP*))))", "(NP*)))", 3, "not closed"),
        ("     (V*)", "", 2, "8 columns, but the sentence began with 9"),
        ("see.01", "-", 1, "1 columns of arguments for 0 words"),
    ],
)
def test_malformed_files_are_named_by_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str):
    path = write(tmp_path, FILE.replace(old, new, 1))
    with pytest.raises(DataError) as error:
        list(read_skeletons(path))
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert message in str(error.value)


@pytest.mark.real_data
def test_counts_of_the_published_corpus(data_root: Path):
    read = list(read_skeletons(data_root / "propbank" / "ewt-gold_skel.tar.xz"))
    assert len(read) == 16_579
    assert sum(len(skeleton.tags) for skeleton in read) == 254_564
    assert sum(len(skeleton.predicates) for skeleton in read) == 50_262
    assert sum(bool(skeleton.predicates) for skeleton in read) == 13_629
    assert all(len(skeleton.tree.leaves()) == len(skeleton.tags) for skeleton in read)
    roles = Counter(span.label for skeleton in read for predicate in skeleton.predicates for span in predicate.spans)
    assert len(roles) == 60
    assert roles["V"] == 50_262


def test_faulty_sentences_can_be_passed_over(tmp_path: Path):
    path = write(tmp_path, FILE.replace("(NP*))))", "(NP*)))"))
    with pytest.raises(DataError, match="1 brackets are not closed"):
        list(read_skeletons(path))
    faulty: list[DataError] = []
    assert [skeleton.number for skeleton in read_skeletons(path, faulty=faulty)] == [1]
    assert [error.line for error in faulty] == [3]


def test_a_damaged_file_is_no_faulty_sentence(tmp_path: Path):
    path = tmp_path / "a.xml.gold_skel"
    path.write_bytes(FILE.encode() + b"\xff\n")
    with pytest.raises(DataError, match="not UTF-8"):
        list(read_skeletons(path, faulty=[]))
