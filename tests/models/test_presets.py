import numpy as np
import pytest

from hf_sluice.models.initial_values import initial_alpha
from hf_sluice.models.penalties import PENALTIES
from hf_sluice.models.presets import PRESETS
from hf_sluice.models.sharing_table import sharing_table
from tests.models.tiny_sluice import tiny_config


def learned_alpha(config):
    """α with its parameters set to 1, 2, …, fixed entries as they are, and the number of its parameters."""
    alpha = sharing_table(config).alpha
    return np.where(alpha.slots < 0, alpha.values, alpha.slots + 1), alpha.num_free


def test_constant_alpha_has_one_value_everywhere():
    for subspaces in (1, 2):
        alpha = sharing_table(tiny_config(3, sharing="constant_alpha", num_subspaces=subspaces)).alpha
        assert alpha.num_free == 0
        np.testing.assert_array_equal(alpha.values, np.full((3,) + (3 * subspaces,) * 2, np.float32(1 / 3 / subspaces)))


def test_cross_stitch_has_one_weight_per_layer_and_pair_of_networks():
    alpha, number = learned_alpha(tiny_config(2, sharing="cross_stitch", num_layers=2))
    assert number == 2 * 2 * 2
    np.testing.assert_array_equal(alpha[0], np.kron([[1, 2], [3, 4]], np.eye(2)))
    np.testing.assert_array_equal(alpha[1], np.kron([[5, 6], [7, 8]], np.eye(2)))


def test_group_lasso_exchanges_nothing():
    np.testing.assert_array_equal(*(learned_alpha(tiny_config(3, sharing="group_lasso"))[0], [np.eye(6)] * 3))


def test_block_communication_ends_before_the_last_layer():
    alpha, number = learned_alpha(tiny_config(2, sharing="block_communication"))
    assert number == 2 * 4 * 4
    np.testing.assert_array_equal(alpha[:2], np.arange(1, 33).reshape(2, 4, 4))
    np.testing.assert_array_equal(alpha[2], np.eye(4))


def test_domain_adaptation_has_a_private_subspace_and_a_shared_one():
    """Daumé III 2007 as Ruder et al. 2019 write it: α_AB = α_BB and α_BA = α_AA in the second subspace."""
    alpha, number = learned_alpha(tiny_config(2, sharing="domain_adaptation", num_layers=1))
    assert number == 4
    np.testing.assert_array_equal(alpha[0], [[1, 0, 0, 0], [0, 3, 0, 4], [0, 0, 2, 0], [0, 3, 0, 4]])


@pytest.mark.parametrize("tasks", [2, 3])
def test_domain_adaptation_ties_each_networks_weight_over_all_that_draw_from_it(tasks):
    alpha, number = learned_alpha(tiny_config(tasks, sharing="domain_adaptation"))
    assert number == 3 * 2 * tasks
    blocks = alpha.reshape(3, tasks, 2, tasks, 2)
    assert not blocks[:, :, 0, :, 1].any()
    assert not blocks[:, :, 1, :, 0].any()
    private, shared = blocks[:, :, 0, :, 0], blocks[:, :, 1, :, 1]
    np.testing.assert_array_equal(private, private * np.eye(tasks))
    np.testing.assert_array_equal(shared, np.broadcast_to(shared[:, :1], shared.shape))
    assert len({*private[private > 0], *shared.flatten()}) == number


@pytest.mark.parametrize(
    ("given", "read"), [(None, [[0, 0, 1], [1, 0, 0], [1, 0, 0]]), ({"task2": 2}, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])]
)
def test_low_supervision_reads_one_layer_per_task(given, read):
    architecture = sharing_table(tiny_config(3, sharing="low_supervision", task_layers=given))
    assert architecture.task_networks == (0, 0, 0)
    assert architecture.alpha.num_free == architecture.beta.num_free == 0
    np.testing.assert_array_equal(architecture.beta.values, read)


@pytest.mark.parametrize("init", ["balanced", "imbalanced", "identity", [[0.7, 0.3], [0.4, 0.6]]])
def test_weights_between_networks_start_as_those_of_one_subspace(init):
    cross_stitch = sharing_table(tiny_config(2, sharing="cross_stitch", alpha_init=init)).alpha
    networks = initial_alpha(init, 3, 2, 1)
    np.testing.assert_array_equal(cross_stitch.initial_free(), networks.flatten().astype(np.float32))
    domains = sharing_table(tiny_config(2, sharing="domain_adaptation", alpha_init=init)).alpha
    expected = np.concatenate([networks.diagonal(axis1=1, axis2=2), networks.mean(1)], axis=1)
    # Parameters are numbered rule by rule: the private ones of all layers, then the shared ones.
    np.testing.assert_allclose(
        domains.initial_free().reshape(2, 3, 2).swapaxes(0, 1).reshape(3, 4), expected, atol=1e-7
    )


def test_every_penalty_of_the_table_is_there_and_has_a_weight():
    used = {preset.penalty for preset in PRESETS.values() if preset.penalty is not None}
    assert used == set(PENALTIES)
    assert all(hasattr(tiny_config(2), f"{penalty}_weight") for penalty in used)


@pytest.mark.parametrize("networks", [1, 2, 4])
def test_fixed_sharing_is_what_the_configuration_says(networks):
    random = np.random.default_rng(networks)
    alpha, beta = random.normal(size=(3, 2 * networks, 2 * networks)), random.normal(size=(2, 3))
    read = {"task0": networks, "task1": 1}
    config = tiny_config(2, sharing="fixed", alpha_init=alpha.tolist(), beta_init=beta.tolist(), task_networks=read)
    table = sharing_table(config)

    assert config.num_networks == networks
    assert table.task_networks == (networks - 1, 0)
    assert table.alpha.num_free == table.beta.num_free == 0
    assert table.penalty is None
    np.testing.assert_array_equal(table.alpha.values, alpha.astype(np.float32))
    np.testing.assert_array_equal(table.beta.values, beta.astype(np.float32))


@pytest.mark.parametrize("init", ["balanced", "imbalanced", "identity"])
def test_fixed_sharing_by_name_has_a_network_per_task(init):
    table = sharing_table(tiny_config(3, sharing="fixed", alpha_init=init, beta_init="balanced"))

    assert table.task_networks == (0, 1, 2)
    np.testing.assert_array_equal(table.alpha.values, initial_alpha(init, 3, 3, 2).astype(np.float32))
    np.testing.assert_array_equal(table.beta.values, np.full((3, 3), np.float32(1 / 3)))
