from __future__ import annotations

import pytest

from hf_sluice.data.formats.columns import Separator
from hf_sluice.data.sentence import Place
from hf_sluice.errors import DataError
from hf_sluice.prediction.word_column import read_word_column

PLAIN = "-DOCSTART- -X-\n\nThe DT\nend NN\n\nYes UH\n"
NAMED = "# global.columns = ID FORM pos\n1\ta b\tX\n2\t#\t\n\n1\t-DOCSTART-\tY\n"


def read(text: str, *options) -> list[list[str]]:
    return [list(s.words) for s in read_word_column("f", enumerate(text.split("\n"), start=1), *options)]


@pytest.mark.parametrize(
    ("text", "column", "found"),
    [
        (PLAIN, None, [["The", "end"], ["Yes"]]),
        (PLAIN, "1", [["The", "end"], ["Yes"]]),
        (PLAIN, "2", [["DT", "NN"], ["UH"]]),
        (NAMED, None, [["a b", "#"], ["-DOCSTART-"]]),
        (NAMED, "FORM", [["a b", "#"], ["-DOCSTART-"]]),
        (NAMED, "1", [["1", "2"], ["1"]]),
        (NAMED, "ID", [["1", "2"], ["1"]]),
        ("# global.columns = FORM\n-DOCSTART-\n\na\n", None, [["-DOCSTART-"], ["a"]]),
        ("# global.columns = pos word\nX\ta\n", None, [["X"]]),
        ("\n\n  \na\nb\n", None, [["a", "b"]]),
    ],
)
def test_the_chosen_column_is_read(text, column, found):
    assert read(text, column) == found


def test_tabs_may_separate_columns_with_spaces_in_them():
    assert read("a b\tX Y\nc\tZ\n", None, Separator.TAB) == [["a b", "c"]]


def test_places_are_lines_of_the_file():
    lines = enumerate(PLAIN.split("\n"), start=1)
    assert [s.place for s in read_word_column("f", lines)] == [Place("f", 3), Place("f", 6)]


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (PLAIN, "3", "f:3: no column '3' for the words; the columns are 1, 2"),
        (PLAIN, "0", "f:3: no column '0'"),
        (PLAIN, "FORM", "f:3: no column 'FORM'"),
        (NAMED, "form", "f:1: no column 'form' for the words; the columns are ID, FORM, pos"),
        ("# global.columns = \na\n", None, "f:1: the names of the columns are missing"),
        ("a X\nb\n", None, "f:2: ragged line: 1 columns instead of 2"),
        ("# global.columns = FORM pos\n\tX\n", None, "f:2: column 'FORM' is empty"),
        ("-DOCSTART-\n", None, "f: no sentences"),
    ],
)
def test_what_is_not_there_is_an_error_with_its_place(text, column, message):
    with pytest.raises(DataError, match=f"^{message}"):
        read(text, column)
