from __future__ import annotations

import gzip
import io
import lzma
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.data.reading import iter_lines, iter_member_bytes, iter_members, iter_texts
from hf_sluice.errors import DataError

TEXT = "one\ttwo\n\nthrée \u2028 four\x0bfive\r\nsix"
LINES = [(1, "one\ttwo"), (2, ""), (3, "thrée \u2028 four\x0bfive"), (4, "six")]
PACKERS = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}
TAR_MODES = {".tar": "w", ".tar.gz": "w:gz", ".tgz": "w:gz", ".tar.xz": "w:xz", ".txz": "w:xz"}


def write_tar(path, mode, members):
    with tarfile.open(path, mode) as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def read_all(path, suffix=""):
    return [(name, list(lines)) for name, lines in iter_texts(path, suffix)]


@pytest.mark.parametrize("suffix", PACKERS)
def test_packed_files_hold_the_same_lines(tmp_path, suffix):
    path = tmp_path / f"a.txt{suffix}"
    path.write_bytes(PACKERS[suffix](TEXT.encode()))
    assert list(iter_lines(path)) == LINES
    assert read_all(path) == [(str(path), LINES)]


@pytest.mark.parametrize("suffix", TAR_MODES)
def test_members_hold_the_same_lines_in_the_order_of_the_archive(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_tar(path, TAR_MODES[suffix], {"d/z.txt": TEXT.encode(), "d/no.md": b"\xff", "d/a.txt": b"x\n"})
    assert read_all(path, ".txt") == [(f"{path}!d/z.txt", LINES), (f"{path}!d/a.txt", [(1, "x")])]


def test_members_that_are_not_read_are_passed_over(tmp_path):
    path = tmp_path / "a.tar.xz"
    write_tar(path, "w:xz", {f"{n}.txt": b"x\n" * 9000 + b"%d\n" % n for n in range(3)})
    members = iter_members(path)
    next(members)
    assert [list(lines)[-1] for _, lines in members] == [(9001, "1"), (9001, "2")]


@pytest.mark.parametrize("suffix", TAR_MODES)
def test_members_can_be_read_whole(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    write_tar(path, TAR_MODES[suffix], {"z.txt": b"\xff\n", "no.md": b"", "a.xml": b""})
    found = [(f"{path}!z.txt", b"\xff\n"), (f"{path}!a.xml", b"")]
    assert list(iter_member_bytes(path, (".xml", ".txt"))) == found
    with pytest.raises(DataError, match=r"no file in the archive ends in '\.x' or '\.y'"):
        list(iter_member_bytes(path, (".x", ".y")))


@given(lines=st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff", codec="utf-8")), max_size=5))
def test_lines_come_back_as_written(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("lines") / "a.txt"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    assert list(iter_lines(path)) == list(enumerate(lines, start=1))


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffa\n\ufeffb\n".encode())
    assert list(iter_lines(path)) == [(1, "a"), (2, "\ufeffb")]


@pytest.mark.parametrize("suffix", PACKERS)
def test_wrong_encoding_names_file_and_line(tmp_path, suffix):
    path = tmp_path / f"a.txt{suffix}"
    path.write_bytes(PACKERS[suffix]("gut\nschön\n".encode("latin-1")))
    with pytest.raises(DataError, match=r"not UTF-8 \(byte 4 of the line\)") as caught:
        list(iter_lines(path))
    assert str(caught.value).startswith(f"{path}:2: ")


def test_wrong_encoding_in_an_archive_names_the_member(tmp_path):
    path = tmp_path / "a.tar.xz"
    write_tar(path, "w:xz", {"m.txt": b"a\nb\n\xff"})
    with pytest.raises(DataError) as caught:
        read_all(path)
    assert str(caught.value).startswith(f"{path}!m.txt:3: not UTF-8")


def cut_file(tmp_path, name):
    """Packed text that does not compress well, without its last part."""
    content = "".join(f"{n * 7919 % 10007}\n" for n in range(20000)).encode()
    path = tmp_path / name
    if ".t" in name:
        write_tar(path, TAR_MODES["." + name.split(".", 1)[1]], {"m.txt": content})
    else:
        path.write_bytes(PACKERS[path.suffix](content))
    return path, path.read_bytes()


@pytest.mark.parametrize("name", ["a.gz", "a.xz", "a.tar.gz", "a.tar.xz", "a.tar"])
@pytest.mark.parametrize("share", [0.3, 0.6])
def test_a_file_that_is_cut_short_says_so_in_one_line(tmp_path, name, share):
    path, whole = cut_file(tmp_path, name)
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError, match=r"cut short|damaged") as caught:
        read_all(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.gz", "a.xz", "a.tar.gz", "a.tar.xz"])
def test_a_missing_last_byte_is_noticed(tmp_path, name):
    path, whole = cut_file(tmp_path, name)
    path.write_bytes(whole[:-1])
    with pytest.raises(DataError, match="cut short"):
        read_all(path)


@pytest.mark.parametrize("name", ["a.gz", "a.xz", "a.tar.gz", "a.tar.xz", "a.tar"])
def test_a_file_of_another_kind_says_so(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"just some words, but no archive at all\n" * 30)
    with pytest.raises(DataError, match="damaged"):
        read_all(path)


def test_a_damaged_middle_is_noticed(tmp_path):
    path, whole = cut_file(tmp_path, "a.tar.xz")
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 0xFF]) + whole[middle + 1 :])
    with pytest.raises(DataError, match="damaged"):
        read_all(path)


def test_missing_file_folder_and_empty_archive(tmp_path):
    with pytest.raises(DataError, match=r"none\.txt: no such file"):
        list(iter_lines(tmp_path / "none.txt"))
    with pytest.raises(DataError, match="this is a folder"):
        list(iter_lines(tmp_path))
    write_tar(tmp_path / "a.tar.gz", "w:gz", {"m.md": b""})
    with pytest.raises(DataError, match=r"a\.tar\.gz: no file in the archive ends in '\.txt'"):
        list(iter_members(tmp_path / "a.tar.gz", ".txt"))


def test_lines_are_streamed(tmp_path):
    path = tmp_path / "a.xz"
    path.write_bytes(lzma.compress(b"first\n" * 100_000)[:-1])
    assert next(iter_lines(path)) == (1, "first")
