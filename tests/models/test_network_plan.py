import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hf_sluice.models.network_plan import layers_read, plan_layers
from hf_sluice.models.sharing_table import MixingTable, SharingTable, sharing_table
from tests.models.tiny_sluice import tiny_batch, tiny_config, tiny_model


def entries(possible):
    """A table with a free parameter (that starts at 0), a fixed 1 or a fixed 0 at each place, as 2, 1 or 0 asks."""
    slots = np.where(possible == 2, np.arange(possible.size).reshape(possible.shape), -1)
    return MixingTable(slots, (possible == 1).astype(np.float32))


@st.composite
def architectures(draw):
    """Random zeros, constants and free entries; every network draws from itself, every task reads some layer."""
    tasks, layers, subspaces = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    networks = tuple(range(tasks)) if draw(st.booleans()) else (0,) * tasks
    units = (max(networks) + 1) * subspaces

    def random(*shape):
        size = int(np.prod(shape))
        return np.array(draw(st.lists(st.sampled_from((0, 0, 1, 2)), min_size=size, max_size=size))).reshape(shape)

    alpha, beta = random(layers, units, units), random(tasks, layers)
    for layer in alpha:
        np.fill_diagonal(layer, np.maximum(layer.diagonal(), 1))
        if draw(st.booleans()):
            layer[:] = np.eye(units)
    for row in beta:
        row[draw(st.integers(0, layers - 1))] = 1
    table = SharingTable(networks, entries(alpha), entries(beta))
    return table, subspaces, draw(st.lists(st.integers(0, tasks - 1), min_size=1, unique=True))


def depends(table, subspaces, task, layer, network, *, mixed):
    """Whether a path of non-zero weights leads from a network's output of a layer to a task: walks all of them."""

    def reaches(at, target):
        """From the mixed output of ``target`` at layer ``at``."""
        if table.task_networks[task] == target and table.beta.may_be_nonzero()[task, at]:
            return True
        return at + 1 < table.alpha.slots.shape[0] and leads(at + 1, target)

    def leads(at, source):
        """From the unmixed output of ``source`` at layer ``at``."""
        possible = table.alpha.may_be_nonzero()[at]
        return any(
            reaches(at, row // subspaces)
            for row, column in itertools.product(range(len(possible)), repeat=2)
            if column // subspaces == source and possible[row, column]
        )

    return reaches(layer, network) if mixed else leads(layer, network)


@settings(max_examples=150, deadline=None)
@given(architectures())
def test_what_runs_is_what_the_tasks_can_be_reached_from(architecture):
    table, subspaces, tasks = architecture
    plan = plan_layers(table, subspaces, tasks)
    networks = range(table.alpha.values.shape[1] // subspaces)
    for layer in range(table.alpha.slots.shape[0]):
        step = plan[layer] if layer < len(plan) else None
        for mixed, planned in ((False, step.sources if step else ()), (True, step.targets if step else ())):
            needed = {
                network
                for network in networks
                if any(depends(table, subspaces, task, layer, network, mixed=mixed) for task in tasks)
            }
            assert set(planned) == needed
            assert list(planned) == sorted(planned)


@settings(max_examples=150, deadline=None)
@given(architectures())
def test_alpha_is_left_out_only_where_it_is_the_identity_for_good(architecture):
    table, subspaces, tasks = architecture
    for layer, step in enumerate(plan_layers(table, subspaces, tasks)):
        rows = [network * subspaces + s for network in step.targets for s in range(subspaces)]
        identity = np.eye(table.alpha.values.shape[1])[rows]
        fixed = (table.alpha.slots[layer, rows] < 0).all()
        assert step.mixes == (not fixed or (table.alpha.values[layer, rows] != identity).any())


@settings(max_examples=50, deadline=None)
@given(architectures())
def test_layers_read_are_those_that_beta_can_weight(architecture):
    table, _, tasks = architecture
    for task in tasks:
        free_or_not_zero = (table.beta.slots[task] >= 0) | (table.beta.values[task] != 0)
        assert layers_read(table, task) == [k for k, possible in enumerate(free_or_not_zero) if possible]


def test_learned_alpha_needs_every_network():
    plan = plan_layers(sharing_table(tiny_config(3)), 2, [1])
    assert [(step.sources, step.targets, step.mixes) for step in plan] == [
        ((0, 1, 2), (0, 1, 2), True),
        ((0, 1, 2), (0, 1, 2), True),
        ((0, 1, 2), (1,), True),
    ]


def test_hard_sharing_runs_one_network_and_never_mixes():
    plan = plan_layers(sharing_table(tiny_config(3, sharing="hard_sharing")), 2, [2, 0])
    assert [(step.sources, step.targets, step.mixes) for step in plan] == [((0,), (0,), False)] * 3


def test_low_supervision_runs_no_layer_above_the_one_that_is_read():
    table = sharing_table(tiny_config(3, sharing="low_supervision", num_layers=4, task_layers={"task1": 2}))
    assert [len(plan_layers(table, 2, tasks)) for tasks in ([0], [1], [2], [1, 2], [0, 2])] == [4, 2, 1, 2, 4]


def test_tasks_that_exchange_nothing_run_alone():
    plan = plan_layers(sharing_table(tiny_config(3, sharing="group_lasso")), 2, [1])
    assert [(step.sources, step.targets, step.mixes) for step in plan] == [((1,), (1,), False)] * 3


def test_behind_the_last_exchange_a_task_runs_alone():
    plan = plan_layers(sharing_table(tiny_config(3, sharing="block_communication")), 2, [1])
    assert [(step.sources, step.targets, step.mixes) for step in plan] == [
        ((0, 1, 2), (0, 1, 2), True),
        ((0, 1, 2), (1,), True),
        ((1,), (1,), False),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_model_computes_the_same_under_a_plan_that_leaves_things_out(seed):
    """Zeros that are fixed are skipped, zeros that are learned are computed: the results are equal."""
    random = np.random.default_rng(seed)
    blocks = (random.random((3, 3, 3)) < 0.3).repeat(2, axis=1).repeat(2, axis=2)
    alpha = blocks * random.normal(size=(3, 6, 6))
    alpha[:, range(6), range(6)] = 0.5
    alpha[random.integers(3)] = np.eye(6)
    beta = random.normal(size=(3, 3)) * [[0, 1, 0], [1, 0, 0], [1, 1, 1]]
    learned = tiny_model(3, seed=seed, alpha_init=alpha.tolist(), beta_init=beta.tolist())
    learned.sluice.alpha_weights.reset_parameters()
    learned.sluice.beta_weights.reset_parameters()
    batch = tiny_batch()
    expected = learned(**batch).logits
    fixed_alpha, fixed_beta = (
        MixingTable(np.full(values.shape, -1), values.astype(np.float32)) for values in (alpha, beta)
    )
    learned.sluice._table = SharingTable((0, 1, 2), fixed_alpha, fixed_beta)
    learned.sluice._plans.clear()
    for tasks in (("task1",), ("task0", "task2"), ("task2", "task1", "task0")):
        for name, value in learned(**batch, tasks=tasks).logits.items():
            torch.testing.assert_close(value, expected[name], rtol=0, atol=1e-10)
    assert any(len(step.sources) < 3 for plan in learned.sluice._plans.values() for step in plan)
