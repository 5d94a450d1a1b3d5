from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.form_table import merge_form_tables

forms = st.lists(st.integers(1, 3), min_size=1, max_size=4)


def table_of(sentence: list[list[int]]) -> tuple[list[list[int]], list[int]]:
    """The table of one sentence, padded, and its rows."""
    distinct = [form for i, form in enumerate(sentence) if form not in sentence[:i]]
    width = max(map(len, distinct), default=1)
    return [form + [0] * (width - len(form)) for form in distinct] or [[0]], [distinct.index(form) for form in sentence]


@given(st.lists(st.lists(forms, max_size=5), min_size=1, max_size=4))
def test_merging_equals_making_one_table(sentences):
    tables, indices = zip(*map(table_of, sentences), strict=True)
    merged, rows = merge_form_tables(tables, indices)
    expected, expected_rows = table_of([form for sentence in sentences for form in sentence])
    assert merged == expected
    assert [row for sentence in rows for row in sentence] == expected_rows
    assert [len(sentence) for sentence in rows] == [len(sentence) for sentence in sentences]
