from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.corpora.masc_archives import read_documents
from hf_sluice.errors import DataError
from tests.data.corpora.masc_documents import graf, pack

if TYPE_CHECKING:
    from pathlib import Path

TREEBANK = frozenset({"ptbtok", "ptb"})


def members(name: str, *layers: str, text: str = "é") -> dict[str, str | bytes]:
    return {f"{name}-{layer}.xml": graf() for layer in ("seg", "s", "penn", *layers)} | {f"{name}.txt": text}


def fail(folder: Path, held: dict[str, str | bytes], layers: frozenset[str] = frozenset()) -> str:
    pack(folder / "written-blog.tar.xz", held)
    with pytest.raises(DataError) as caught:
        list(read_documents(folder, layers))
    return str(caught.value).removeprefix(f"{folder / 'written-blog.tar.xz'}")


def test_documents_in_the_order_of_genres_and_names(tmp_path: Path):
    pack(tmp_path / "written-blog.tar.xz", members("written/blog/b") | members("written/blog/x/a"))
    pack(tmp_path / "spoken-face-to-face.tar.xz", members("spoken/face-to-face/c"))
    read = list(read_documents(tmp_path, frozenset()))
    assert [(d.genre, d.name) for d in read] == [("face-to-face", "c"), ("blog", "b"), ("blog", "a")]
    assert read[2].path == f"{tmp_path}/written-blog.tar.xz!written/blog/x/a"
    assert read[0].text == "é"


def test_only_what_is_needed_is_parsed(tmp_path: Path):
    pack(tmp_path / "written-blog.tar.xz", members("a", "nc") | {"a-vc.xml": "no XML", "a-ptb.xml": "no XML"})
    (document,) = read_documents(tmp_path, frozenset({"nc"}))
    assert set(document.layers) == {"seg", "s", "penn", "nc"}


def test_only_the_layers_of_the_treebank_may_be_missing(tmp_path: Path):
    held = members("a", "ptbtok", "ptb") | members("b")
    pack(tmp_path / "written-blog.tar.xz", held)
    first, second = read_documents(tmp_path, TREEBANK)
    assert (set(first.layers) - set(second.layers)) == TREEBANK
    del held["a-ptb.xml"]
    assert fail(tmp_path, held, TREEBANK) == "!a: the layer -ptb.xml of this document is missing in the archive"
    assert fail(tmp_path, held, frozenset({"nc"})).startswith("!a: the layer -nc.xml of this document is missing")


def test_faulty_archives_are_named(tmp_path: Path):
    with pytest.raises(DataError, match="no archives spoken-<genre>"):
        list(read_documents(tmp_path, frozenset()))
    held = members("a")
    assert fail(tmp_path, held | {"a-s.xml": "<graph>"}) == "!a-s.xml:1: no well-formed XML (no element found)"
    assert fail(tmp_path, held | {"a.txt": b"\xff"}) == "!a.txt: not UTF-8 (byte 1); save it as UTF-8"
    assert fail(tmp_path, held | members("x/a")).startswith("!x/a: a second document of this name; the first is ")
    del held["a.txt"]
    assert fail(tmp_path, held) == "!a: the text (.txt) of this document is missing in the archive"
    whole = (tmp_path / "written-blog.tar.xz").read_bytes()
    (tmp_path / "written-blog.tar.xz").write_bytes(whole[:-40])
    with pytest.raises(DataError, match=r"written-blog\.tar\.xz.*: the file is (cut short|damaged)"):
        list(read_documents(tmp_path, frozenset()))
