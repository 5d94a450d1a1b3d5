from __future__ import annotations

import pytest

from hf_sluice.data.formats.row_blocks import read_blocks
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError


def blocks(text: str, minimum: int = 2) -> list[tuple[Place, list[tuple[str, ...]]]]:
    return list(read_blocks(enumerate(text.split("\n"), start=1), "f", minimum))


def test_blank_lines_and_document_marks_end_sentences():
    text = "#begin document (x); part 000\na  1\nb\t2\n\n\n# 1 x\n#end document\nc 3 y"
    assert blocks(text) == [
        (Place("f", 2), [("a", "b"), ("1", "2")]),
        (Place("f", 6), [("#",), ("1",), ("x",)]),
        (Place("f", 8), [("c",), ("3",), ("y",)]),
    ]


def test_a_file_without_rows_has_no_blocks():
    assert blocks("\n\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [("a 1 2\n\na", "f:3: 1 columns; at least 2"), ("a 1 2\nb 3", "f:2: 2 columns, but the sentence began with 3")],
)
def test_ragged_rows_are_named(text: str, message: str):
    with pytest.raises(DataError) as error:
        blocks(text)
    assert str(error.value).startswith(message)
