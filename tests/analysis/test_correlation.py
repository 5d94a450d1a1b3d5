from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import spearmanr

from hf_sluice.analysis.correlation import rank_correlation

NAN = float("nan")


@pytest.mark.parametrize(
    ("first", "second"),
    [([1, 2, 3, 4], [10, 30, 20, 40]), ([1, 2, 2, 4, 5], [5, 1, 1, 3, 0]), ([3, 1, 4, 1, 5, 9], [2, 7, 1, 8, 2, 8])],
)
def test_rho_is_spearmans_and_p_the_share_of_orders_that_correlate_as_much(first, second):
    found = rank_correlation(first, second)
    rhos = np.array([spearmanr(order, second).statistic for order in itertools.permutations(first)])

    assert found.rho == pytest.approx(spearmanr(first, second).statistic)
    assert found.observations == len(first)
    beyond = [np.mean(rhos >= found.rho - 1e-9), np.mean(rhos <= found.rho + 1e-9)]
    assert found.p_value == pytest.approx(min(1.0, 2 * min(beyond)))


def test_many_values_that_go_together_are_found_to():
    first = np.random.default_rng(0).normal(size=30)
    assert rank_correlation(first, np.exp(first)).rho == pytest.approx(1)
    assert rank_correlation(first, np.exp(first)).p_value < 0.001
    assert rank_correlation(first, np.exp(first)) == rank_correlation(first, np.exp(first))


def test_pairs_that_lack_a_value_do_not_count():
    whole = rank_correlation([1, 2, 3, 4, 5], [1, 3, 2, 5, 4])
    assert rank_correlation([1, 2, NAN, 3, 4, 5, 6], [1, 3, 0, 2, 5, 4, NAN]) == whole


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2, 3], [1, 2, 3]),
        ([1, 1, 1, 1], [1, 2, 3, 4]),
        ([1, 2, 3, 4], [5, 5, 5, 5]),
        ([1, 2, 3, NAN], [1, 2, 3, 4]),
    ],
)
def test_what_nothing_speaks_for_is_none(first, second):
    assert rank_correlation(first, second) is None
