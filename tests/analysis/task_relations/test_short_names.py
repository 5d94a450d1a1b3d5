from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.analysis.task_relations.short_names import short_names

NAMES = st.lists(st.text("abc_1", min_size=1, max_size=12), unique=True, max_size=30)


@given(NAMES, st.integers(3, 12))
def test_names_stay_apart_and_fit(names, width):
    short = short_names(names, width)

    assert list(short) == names
    assert len(set(short.values())) == len(names)
    assert all(len(name) <= width for name in short.values())
    assert all(short[name] == name for name in names if len(name) <= width)


def test_names_that_would_clash_end_in_numbers():
    assert short_names(["supersense", "supersenses", "superse", "pos"], 7) == {
        "supersense": "supers2", "supersenses": "supers3", "superse": "superse", "pos": "pos"
    }  # fmt: skip
