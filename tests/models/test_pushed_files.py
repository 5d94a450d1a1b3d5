import json

import pytest

from hf_sluice.models.pushed_files import PUSHED_FILES, read_list, write_list

FILES = {"config.json", "figures/α.png", "a.py"}


def test_a_list_is_read_as_it_was_written_and_names_itself():
    assert read_list(write_list(FILES)) == {*FILES, PUSHED_FILES}
    assert write_list(sorted(FILES)) == write_list(sorted(FILES, reverse=True))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"files": ["a"]}',
        json.dumps({"format": "hf_sluice.pushed_files", "files": 3}).encode(),
    ],
)
def test_a_damaged_list_names_nothing(content):
    assert read_list(content) == frozenset()


def test_what_is_no_name_is_left_out():
    values = json.loads(write_list(["a"]))
    assert read_list(json.dumps({**values, "files": ["a", 3, None, ["b"]]}).encode()) == {"a"}
