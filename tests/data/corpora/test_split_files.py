from __future__ import annotations

from pathlib import Path

import pytest

from hf_sluice.data.corpora.split_files import split_files
from hf_sluice.errors import UserError


def test_one_file_or_several():
    files = {"train": ["a", Path("d/b")], "test": "c"}
    assert split_files(files, None) == {"train": [Path("a"), Path("d/b")], "test": [Path("c")]}


def test_relative_names_start_from_the_root(tmp_path):
    files = {"train": ["a", tmp_path / "b"]}
    assert split_files(files, Path("root")) == {"train": [Path("root/a"), tmp_path / "b"]}


def test_variables_are_replaced(monkeypatch):
    monkeypatch.setenv("WHERE", "/data")
    monkeypatch.setenv("HOME", "/users/me")
    files = {"train": ["$WHERE/a", "${WHERE}/b", "~/c"]}
    assert split_files(files, Path("root")) == {"train": [Path("/data/a"), Path("/data/b"), Path("/users/me/c")]}
    monkeypatch.delenv("WHERE")
    with pytest.raises(UserError, match=r"\$WHERE in '\$WHERE/a' is not set"):
        split_files(files, None)


@pytest.mark.parametrize("files", [{}, None, "a.conll", ["a.conll"]])
def test_what_is_no_mapping(files):
    with pytest.raises(UserError, match="expected a mapping of splits"):
        split_files(files, None)


def test_unknown_splits():
    with pytest.raises(UserError, match="no split 'dev'; splits are train, validation, test"):
        split_files({"train": "a", "dev": "b"}, None)
