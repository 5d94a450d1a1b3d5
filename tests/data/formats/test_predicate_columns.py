from __future__ import annotations

import pytest

from hf_sluice.data.formats.predicate_columns import read_predicates
from hf_sluice.data.sentence import Place
from hf_sluice.data.spans import Span
from hf_sluice.data.srl import Predicate
from hf_sluice.errors import DataError

PLACE = Place("f", 4)


def test_the_nth_predicate_owns_the_nth_column():
    predicates = read_predicates(
        ["-", "see", "go"], ["-", "see.01", "go.02"], [["(ARG0*)", "(V*)", "(ARG1*)"], ["*", "*", "(V*)"]], PLACE
    )
    assert predicates == (
        Predicate(1, "see", "see.01", (Span("ARG0", 0, 1), Span("V", 1, 2), Span("ARG1", 2, 3))),
        Predicate(2, "go", "go.02", (Span("V", 2, 3),)),
    )
    assert [span.label for span in predicates[0].arguments()] == ["ARG0", "ARG1"]


def test_no_predicates():
    assert read_predicates(["-"], ["-"], [], PLACE) == ()


@pytest.mark.parametrize("columns", [[], [["(V*)"], ["(V*)"]]])
def test_a_column_too_few_or_too_many(columns: list[list[str]]):
    with pytest.raises(DataError, match=f"f:4: {len(columns)} columns of arguments for 1 words with a roleset"):
        read_predicates(["go"], ["go.01"], columns, PLACE)


def test_malformed_arguments_name_the_predicate_and_the_line():
    with pytest.raises(DataError, match=r"f:5: arguments of word 0: \(ARG1 is not closed"):
        read_predicates(["go", "-"], ["go.01", "-"], [["(V*)", "(ARG1*"]], PLACE)
