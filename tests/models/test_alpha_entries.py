import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.alpha_entries import EVEN, GIVEN, Entries, lay_out

PLACES = {
    "own": lambda _k, m, _s, n, _r, _layers: m == n,
    "aligned": lambda _k, _m, s, _n, r, _layers: s == r,
    "shared": lambda _k, _m, s, _n, r, _layers: s > 0 and r > 0,
    "outer": lambda k, _m, _s, _n, _r, layers: k == layers - 1,
}
SOME_PLACES = st.lists(st.sampled_from(sorted(PLACES)), unique=True).map(tuple)
SIZES = st.integers(1, 3)


@st.composite
def rules(draw):
    first = draw(entries(st.just(())))
    return [first, *draw(st.lists(entries(), max_size=3))]


def entries(places=SOME_PLACES):
    return st.builds(
        Entries,
        places,
        st.sampled_from((None, 0, 1, 0.5, EVEN, GIVEN)),
        st.lists(st.sampled_from("kmsnr"), unique=True).map("".join),
    )


@given(rules(), SIZES, SIZES, SIZES)
def test_each_entry_is_what_the_last_rule_that_speaks_of_it_says(chosen, layers, networks, subspaces):
    slots, values = lay_out(chosen, layers, networks, subspaces)
    units = networks * subspaces
    assert slots.shape == values.shape == (layers, units, units)
    parameters = {}
    for k, m, s, n, r in itertools.product(*map(range, (layers, networks, subspaces, networks, subspaces))):
        spoken = [rule for rule in chosen if all(PLACES[place](k, m, s, n, r, layers) for place in rule.where)]
        slot, value = slots[k, m * subspaces + s, n * subspaces + r], values[k, m * subspaces + s, n * subspaces + r]
        rule = spoken[-1]
        if rule.fixed is None:
            position = max(i for i, each in enumerate(chosen) if each is rule)
            named = tuple(i for name, i in zip("kmsnr", (k, m, s, n, r), strict=True) if name in rule.one_per)
            parameters.setdefault((position, named), set()).add(slot)
            assert np.isnan(value)
        else:
            assert slot == -1
            expected = {EVEN: 1 / units, GIVEN: np.nan}.get(rule.fixed, rule.fixed)
            np.testing.assert_equal(value, expected)
    # One parameter for each combination of the rule's indices, numbered without a gap.
    assert sorted(slot for slots_of_one in parameters.values() for slot in slots_of_one) == list(range(len(parameters)))


@pytest.mark.parametrize(("one_per", "number"), [("kmsnr", 48), ("kmn", 12), ("k", 3), ("", 1)])
def test_parameters_are_as_many_as_the_combinations_that_have_one_of_their_own(one_per, number):
    slots, _ = lay_out([Entries(one_per=one_per)], 3, 2, 2)
    assert slots.max() + 1 == number
