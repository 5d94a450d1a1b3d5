import itertools

import numpy as np
import pytest

from hf_sluice.models.initial_values import ALPHA_INITS, BETA_INITS, initial_alpha, initial_beta

SHAPES = list(itertools.product((1, 3), (1, 2, 3), (1, 2, 4)))  # K, N, S


@pytest.mark.parametrize("init", ALPHA_INITS)
@pytest.mark.parametrize(("layers", "networks", "subspaces"), SHAPES)
def test_alpha_is_one_layer_repeated_with_positive_rows(init, layers, networks, subspaces):
    alpha = initial_alpha(init, layers, networks, subspaces)
    assert alpha.shape == (layers, networks * subspaces, networks * subspaces)
    assert alpha.dtype == np.float64
    assert (alpha > 0).all()
    assert (alpha == alpha[0]).all()
    assert np.array_equal(alpha[0], initial_alpha(init, 1, networks, subspaces)[0])


@pytest.mark.parametrize("init", ["balanced", "identity"])
@pytest.mark.parametrize(("layers", "networks", "subspaces"), SHAPES)
def test_rows_of_alpha_sum_to_1(init, layers, networks, subspaces):
    np.testing.assert_allclose(initial_alpha(init, layers, networks, subspaces).sum(-1), 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("layers", "networks", "subspaces"), SHAPES)
def test_imbalanced_rows_sum_to_1_per_source_network(layers, networks, subspaces):
    alpha = initial_alpha("imbalanced", layers, networks, subspaces)
    sums = alpha.sum(-1) if subspaces == 1 else alpha.reshape(*alpha.shape[:2], networks, subspaces).sum(-1)
    np.testing.assert_allclose(sums, 1, rtol=0, atol=1e-12)


def test_imbalanced_alpha_of_two_tasks_and_two_subspaces_is_the_papers():
    """Task A draws .95 from every task's second subspace, task B .95 from every task's first."""
    a, b = [0.05, 0.95, 0.05, 0.95], [0.95, 0.05, 0.95, 0.05]
    np.testing.assert_allclose(initial_alpha("imbalanced", 1, 2, 2), [[a, a, b, b]], rtol=0, atol=1e-12)


def test_imbalanced_alpha_of_one_subspace_favours_the_own_network():
    expected = [[0.95, 0.025, 0.025], [0.025, 0.95, 0.025], [0.025, 0.025, 0.95]]
    np.testing.assert_allclose(initial_alpha("imbalanced", 1, 3, 1), [expected], rtol=0, atol=1e-12)


def test_identity_alpha_keeps_most_of_each_subspace():
    expected = np.where(np.eye(6, dtype=bool), 0.9, 0.1 / 5)
    np.testing.assert_allclose(initial_alpha("identity", 2, 3, 2), [expected] * 2, rtol=0, atol=1e-12)


def test_balanced_alpha_is_even():
    np.testing.assert_allclose(initial_alpha("balanced", 1, 2, 2), np.full((1, 4, 4), 0.25), rtol=0, atol=0)


@pytest.mark.parametrize("init", ALPHA_INITS)
def test_one_network_of_one_subspace_is_kept_whole(init):
    assert initial_alpha(init, 2, 1, 1).tolist() == [[[1.0]], [[1.0]]]


@pytest.mark.parametrize("init", BETA_INITS)
@pytest.mark.parametrize(("tasks", "layers"), list(itertools.product((1, 3), (1, 2, 5))))
def test_rows_of_beta_sum_to_1(init, tasks, layers):
    beta = initial_beta(init, tasks, layers)
    assert beta.shape == (tasks, layers)
    np.testing.assert_allclose(beta.sum(-1), 1, rtol=0, atol=1e-12)


def test_last_beta_reads_the_last_layer_most():
    np.testing.assert_allclose(initial_beta("last", 2, 3), [[0.05, 0.05, 0.9]] * 2, rtol=0, atol=1e-12)
    np.testing.assert_allclose(initial_beta("balanced", 2, 4), np.full((2, 4), 0.25), rtol=0, atol=0)
    assert initial_beta("last", 2, 1).tolist() == [[1.0], [1.0]]


def test_explicit_values_are_kept_and_those_of_one_layer_repeated():
    alpha = np.arange(2 * 4 * 4.0).reshape(2, 4, 4)
    assert np.array_equal(initial_alpha(alpha.tolist(), 2, 2, 2), alpha)
    assert np.array_equal(initial_alpha(alpha[1].tolist(), 3, 2, 2), np.stack([alpha[1]] * 3))
    beta = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(initial_beta(beta.tolist(), 2, 3), beta)
    assert np.array_equal(initial_beta([0, 0, 1], 2, 3), [[0, 0, 1]] * 2)


def test_results_can_be_written_to():
    initial_alpha("balanced", 3, 2, 2)[0, 0, 0] = 7
    assert initial_alpha("balanced", 3, 2, 2)[0, 0, 0] == 0.25
    alpha = initial_alpha(np.eye(2).tolist(), 3, 2, 1)
    alpha[0, 0, 0] = 7
    assert alpha[1, 0, 0] == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: initial_alpha("even", 1, 2, 2), "alpha_init 'even' is none of balanced, imbalanced, identity"),
        (lambda: initial_beta("even", 2, 3), "beta_init 'even' is none of last, balanced"),
        (lambda: initial_alpha(np.eye(3).tolist(), 3, 2, 2), r"shape \[3, 4, 4\] .* or \[4, 4\], not \[3, 3\]"),
        (lambda: initial_beta([[1, 0]], 2, 2), r"shape \[2, 2\] .* or \[2\], not \[1, 2\]"),
        (lambda: initial_beta([[1, 0], [1]], 2, 2), "unequal length"),
        (lambda: initial_beta([1, float("nan")], 2, 2), "beta_init holds a value that is not finite"),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
