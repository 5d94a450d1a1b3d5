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
    table = sharing_table(config)
    assert table.alpha.values.shape[1] == config.num_networks * config.num_subspaces
    assert table.task_networks == ((0,) * tasks if config.num_networks == 1 else tuple(range(tasks)))


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
