from __future__ import annotations

import os

import pytest

from hf_sluice.errors import UserError
from hf_sluice.whole_file import write_whole


def names(folder) -> list[str]:
    return [path.name for path in folder.iterdir()]


def fail_half_way(path) -> None:
    with write_whole(path) as file:
        file.write("half")
        raise ValueError("half way")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("before", encoding="utf-8")
    return path


def test_a_file_is_replaced_when_the_block_ends(path):
    with write_whole(path) as file:
        file.write("α\n")
        file.flush()
        assert path.read_text(encoding="utf-8") == "before"

    assert path.read_bytes() == "α\n".encode()
    assert names(path.parent) == ["a.txt"]


def test_a_failing_block_leaves_what_was_there(path):
    with pytest.raises(ValueError, match="half way"):
        fail_half_way(path)

    assert path.read_text(encoding="utf-8") == "before"
    assert names(path.parent) == ["a.txt"]


def test_a_failing_block_leaves_no_new_file(tmp_path):
    with pytest.raises(ValueError, match="half way"):
        fail_half_way(tmp_path / "new.txt")

    assert names(tmp_path) == []


def test_a_link_stays_a_link(path):
    link = path.with_name("link")
    link.symlink_to(path)
    with write_whole(link) as file:
        file.write("after")

    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "after"


def test_what_is_no_regular_file_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with write_whole(pipe) as file:
        file.write("through")

    assert os.read(reader, 100) == b"through"
    assert names(tmp_path) == ["pipe"]
    os.close(reader)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("nosuch/a.txt", "No such file or directory"), (".", "Is a directory"), ("a.txt/b.txt", "Not a directory")],
)
def test_what_cannot_be_written_is_an_error_that_names_it(path, name, reason):
    with pytest.raises(UserError, match=reason) as error, write_whole(path.parent / name):
        pass

    assert str(path.parent / name) in str(error.value)
