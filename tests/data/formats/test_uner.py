from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hf_sluice.data.formats.uner import read_uner
from hf_sluice.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """\
# newdoc id = weblog-a
# sent_id = weblog-a-0001
# text = Al # left
1\tAl\tB-PER\t-\tann
2\t#\tO
3\tleft\tB-O\t-\tann

# sent_id = weblog-a-0002
# text = x
1\tx\tO
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "a.iob2"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_any_width_and_a_word_that_looks_like_a_comment(tmp_path: Path):
    first, second = read_uner(write(tmp_path, FILE))
    assert first.sent_id == "weblog-a-0001"
    assert first.tokens == ("Al", "#", "left")
    assert first.labels == ("B-PER", "O", "B-O")
    assert first.place.line == 4
    assert (second.sent_id, second.tokens) == ("weblog-a-0002", ("x",))


def test_a_blank_last_line_changes_nothing(tmp_path: Path):
    assert list(read_uner(write(tmp_path, FILE))) == list(read_uner(write(tmp_path, FILE + "\n\n")))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("2\t#\tO", "3\t#\tO", 5, "word number '3' where 2 is expected"),
        ("2\t#\tO", "2\t#", 5, "separated by tabs"),
        ("2\t#\tO", "2\t\tO", 5, "separated by tabs"),
        ("# sent_id = weblog-a-0002\n", "", 9, "has no id"),
    ],
)
def test_malformed_files_are_named_by_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str):
    path = write(tmp_path, FILE.replace(old, new))
    with pytest.raises(DataError) as error:
        list(read_uner(path))
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert message in str(error.value)


def test_an_empty_file_is_an_error(tmp_path: Path):
    with pytest.raises(DataError, match="empty"):
        list(read_uner(write(tmp_path, "")))
