from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import spearmanr

from hf_sluice.analysis.correlation import rank_correlation
from hf_sluice.analysis.task_relations.task_permutations import pair_correlations


def first(main, _auxiliary):
    return main


def ratio(main, auxiliary):
    return main / auxiliary


def all_pairs(tasks):
    return np.array(list(itertools.permutations(range(tasks), 2)))


@pytest.mark.parametrize("combine", [first, ratio])
@pytest.mark.parametrize("kept", [20, 13])
def test_p_is_the_share_of_orders_of_the_tasks_that_correlate_as_much(combine, kept):
    random = np.random.default_rng(kept)
    values, pairs = random.normal(size=5), random.permutation(all_pairs(5))[:kept]
    outcome = values[pairs[:, 0]] + random.normal(size=kept)
    (found,) = pair_correlations(values, pairs, combine, outcome[None])
    rhos = [
        spearmanr(combine(moved[pairs[:, 0]], moved[pairs[:, 1]]), outcome).statistic
        for moved in itertools.permutations(values)
        for moved in [np.array(moved)]
    ]

    assert found.rho == pytest.approx(spearmanr(combine(*values[pairs].T), outcome).statistic)
    assert found.p_value == pytest.approx(np.mean(np.abs(rhos) >= abs(found.rho) - 1e-9))
    assert found.observations == kept


def test_four_tasks_prove_nothing_however_many_pairs_they_make():
    values = np.arange(4.0)
    pairs = all_pairs(4)
    (found,) = pair_correlations(values, pairs, first, values[pairs[:, :1]].T)

    assert found.rho == pytest.approx(1)
    assert found.p_value == pytest.approx(2 / 24)  # the order that there is, and its reverse
    assert rank_correlation(values[pairs[:, 0]], values[pairs[:, 0]]).p_value < 0.001


def test_many_tasks_are_drawn_from_and_always_alike():
    random = np.random.default_rng(1)
    values, pairs = random.normal(size=10), all_pairs(10)
    outcome = values[pairs[:, 0]][None] + random.normal(size=(1, 90))
    (found,) = pair_correlations(values, pairs, first, outcome)

    assert 1 / 10_000 <= found.p_value < 0.01
    assert pair_correlations(values, pairs, first, outcome) == [found]


def test_features_that_have_nothing_to_do_with_the_outcomes_are_called_so():
    random = np.random.default_rng(2)
    pairs = all_pairs(6)
    # Outcomes hang on the main task, as those of one task do, but not on the feature.
    by_task = random.normal(size=(100, 6))[:, pairs[:, 0]] + 0.1 * random.normal(size=(100, 30))
    honest = [found.p_value for found in pair_correlations(random.normal(size=6), pairs, first, by_task)]

    assert np.mean(np.array(honest) < 0.05) <= 0.1


def test_outcomes_stand_beside_each_other_and_those_that_do_not_vary_are_none():
    values, pairs = np.array([3.0, 1.0, 2.0, 5.0]), all_pairs(4)
    outcomes = np.stack([values[pairs[:, 0]], np.ones(12), -values[pairs[:, 0]]])
    up, nothing, down = pair_correlations(values, pairs, first, outcomes)

    assert (up.rho, nothing, down.rho) == (pytest.approx(1), None, pytest.approx(-1))


@pytest.mark.parametrize(
    ("values", "pairs"),
    [
        ([1.0, 2.0, 3.0], all_pairs(3)),
        ([1.0, 1.0, 1.0, 1.0], all_pairs(4)),
        ([1.0, 0.0, 2.0, 3.0], all_pairs(4)),  # a ratio that is not finite
        ([1.0, 2.0, 3.0, 4.0], np.zeros((0, 2), dtype=int)),
        ([1.0, 2.0, 3.0, 4.0], all_pairs(3)),
    ],
)
def test_what_nothing_speaks_for_is_none(values, pairs):
    with np.errstate(divide="ignore"):
        assert pair_correlations(np.array(values), pairs, ratio, np.arange(float(len(pairs)))[None]) == [None]


def test_tasks_of_no_pair_do_not_matter():
    random = np.random.default_rng(3)
    values, pairs = random.normal(size=5), all_pairs(5)
    outcome = random.normal(size=(1, 20))
    more = np.concatenate([[np.nan, 7.0], values])

    assert pair_correlations(more, pairs + 2, first, outcome) == pair_correlations(values, pairs, first, outcome)
