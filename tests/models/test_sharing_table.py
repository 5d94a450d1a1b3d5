import dataclasses

import numpy as np
import pytest

from hf_sluice.models.initial_values import initial_alpha, initial_beta
from hf_sluice.models.presets import PRESETS
from hf_sluice.models.sharing_table import MixingTable, sharing_table
from tests.models.tiny_sluice import connections_of, presets_of_tasks, tiny_config


def table(slots, values):
    return MixingTable(np.asarray(slots), np.asarray(values, dtype=np.float32))


def test_entries_of_one_slot_are_one_free_parameter_that_starts_at_their_mean():
    tied = table([[0, 1], [0, -1], [1, 1]], [[1, 2], [3, 9], [4, 6]])
    assert tied.num_free == 2
    assert tied.initial_free().tolist() == [2, 4]
    assert tied.initial_free().dtype == np.float32


def test_fixed_entries_are_no_parameters():
    fixed = table([[-1, -1]], [[0.5, 0]])
    assert fixed.num_free == 0
    assert fixed.initial_free().shape == (0,)


def test_zero_for_good_is_told_from_zero_for_now():
    assert table([[0, -1, -1]], [[0, 0, 2]]).may_be_nonzero().tolist() == [[True, False, True]]


def test_sluice_learns_every_entry_from_the_configured_values():
    config = tiny_config(3, num_layers=2, alpha_init="identity", beta_init="balanced")
    sharing = sharing_table(config)
    assert sharing.task_networks == (0, 1, 2)
    assert sharing.penalty == "orthogonality"
    for weights, expected in (
        (sharing.alpha, initial_alpha("identity", 2, 3, 2)),
        (sharing.beta, initial_beta("balanced", 3, 2)),
    ):
        assert sorted(weights.slots.flatten()) == list(range(expected.size))
        np.testing.assert_array_equal(weights.initial_free()[weights.slots], expected.astype(np.float32))


@pytest.mark.parametrize(("sharing", "tasks"), [("hard_sharing", 3), ("single_task", 1)])
def test_presets_of_one_network_learn_nothing_of_sharing(sharing, tasks):
    architecture = sharing_table(tiny_config(tasks, sharing=sharing))
    assert architecture.task_networks == (0,) * tasks
    assert architecture.num_networks == 1
    assert architecture.alpha.num_free == architecture.beta.num_free == 0
    assert architecture.penalty is None
    np.testing.assert_array_equal(architecture.alpha.values, [np.eye(2)] * 3)
    np.testing.assert_array_equal(architecture.beta.values, [[0, 0, 1]] * tasks)


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 2))
@pytest.mark.parametrize(
    ("connection", "beta"), [("skip", [1, 1, 1]), ("concatenation", [1, 1, 1]), ("last", [0, 0, 1])]
)
def test_layer_connections_other_than_the_mixture_are_fixed(sharing, tasks, connection, beta):
    if connection in connections_of(sharing):
        architecture = sharing_table(tiny_config(tasks, sharing=sharing, layer_connection=connection))
        assert architecture.beta.num_free == 0
        np.testing.assert_array_equal(architecture.beta.values, [beta] * tasks)


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 2, 4))
def test_the_configuration_counts_the_networks_of_the_table(sharing, tasks):
    config = tiny_config(tasks, sharing=sharing)
    assert sharing_table(config).num_networks == config.num_networks


def test_a_preset_added_to_the_table_needs_no_other_code(monkeypatch):
    mixture_only = dataclasses.replace(PRESETS["sluice"], alpha=PRESETS["group_lasso"].alpha)
    monkeypatch.setitem(PRESETS, "mixture_only", mixture_only)
    architecture = sharing_table(tiny_config(2, sharing="mixture_only"))
    assert (architecture.alpha.num_free, architecture.beta.num_free) == (0, 6)


def test_values_of_the_wrong_shape_are_refused():
    config = tiny_config(2)
    config.alpha_init = [[1.0]]
    with pytest.raises(ValueError, match=r"alpha_init should have the shape \[3, 4, 4\]"):
        sharing_table(config)


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
