from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hf_sluice.evaluation.significance import correct_p_values, format_p_value, paired_difference

SCORES = st.integers(1, 8).flatmap(
    lambda size: st.tuples(*[arrays(np.int64, size, elements=st.integers(0, 100)) for _ in range(2)])
)


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_p_is_the_share_of_swaps_that_differ_as_much(pair):
    first, second = pair
    differences = first - second
    sums = [abs(sum(sign * d for sign, d in zip(signs, differences, strict=True)))
            for signs in itertools.product((1, -1), repeat=len(differences))]  # fmt: skip
    expected = np.mean(np.array(sums) >= abs(differences.sum()))

    found = paired_difference(first, second)
    assert found.p_value == pytest.approx(expected)
    assert (found.mean, found.pairs) == (pytest.approx(differences.mean()), len(differences))


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_the_second_minus_the_first_is_the_negative(pair):
    there, back = paired_difference(*pair), paired_difference(*reversed(pair))
    assert there.p_value == back.p_value
    assert there.mean == -back.mean


def test_a_clear_difference_is_found_and_its_interval_holds_the_true_one():
    noise = np.random.default_rng(0).normal(0, 0.01, size=(2, 20))
    found = paired_difference(0.5 + noise[0], 0.4 + noise[1])

    assert found.p_value < 0.001
    assert 0.08 < found.low < 0.1 < found.high < 0.12


def test_noise_alone_is_no_difference():
    noise = np.random.default_rng(3).normal(0, 0.01, size=(2, 20))
    found = paired_difference(*noise)

    assert found.p_value > 0.1
    assert found.low < 0 < found.high


def test_equal_scores_do_not_differ():
    found = paired_difference([0.5, 0.6, 0.7], [0.5, 0.6, 0.7])
    assert (found.mean, found.low, found.high, found.p_value) == (0, 0, 0, 1)


def test_pairing_takes_out_what_both_systems_share():
    level = np.linspace(0, 1, 12)
    assert paired_difference(level + 0.01, level).p_value < 0.001
    assert paired_difference((level + 0.01)[::-1], level).p_value > 0.5


def test_one_pair_has_no_interval():
    found = paired_difference([0.5], [0.4])
    assert found.p_value == 1
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_the_same_scores_always_have_the_same_p():
    scores = np.random.default_rng(0).normal(size=(2, 30))  # too many for all swaps to be tried
    assert paired_difference(*scores) == paired_difference(*scores)


@pytest.mark.parametrize("scores", [([], []), ([0.1], [0.1, 0.2])])
def test_what_is_no_pairs_is_refused(scores):
    with pytest.raises(ValueError, match="pairs of scores are needed"):
        paired_difference(*scores)


def test_p_values_are_corrected_as_benjamini_and_hochberg_do():
    # p·m/rank, made monotone from the largest down
    assert correct_p_values([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert correct_p_values([]) == []


@pytest.mark.parametrize(
    ("p_value", "text"), [(0.0, "< 0.001"), (0.00099, "< 0.001"), (0.001, "0.001"), (1.0, "1.000")]
)
def test_p_values_are_written_with_three_decimals(p_value, text):
    assert format_p_value(p_value) == text
