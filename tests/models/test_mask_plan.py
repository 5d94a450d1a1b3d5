import pytest
import torch

from hf_sluice.models.mask_plan import plan_masks
from hf_sluice.models.task_masks import TaskMasks
from tests.models.tiny_sparse_sharing import random_masks, tiny_sparse_config


def planned(chosen, tasks=None, **values):
    """The plan of tasks 0, 1, … with these masks; by default of all of them."""
    config = tiny_sparse_config(len(chosen), **values)
    masks = TaskMasks(config)
    masks.reset_parameters()
    masks.set(dict(zip(config.task_names, chosen, strict=True)))
    return plan_masks(masks, range(len(chosen)) if tasks is None else tasks)


def drawn(num_tasks, **values):
    return list(random_masks(tiny_sparse_config(num_tasks, **values)).values())


def whole(**values):
    return {n: torch.ones(s, dtype=torch.bool) for n, s in tiny_sparse_config(1, **values).masked_shapes().items()}


def without(mask, *prefixes):
    """A mask that keeps nothing of some parameters."""
    return {n: torch.zeros_like(kept) if n.startswith(prefixes) else kept for n, kept in mask.items()}


def taking(mask, other, prefix):
    """A mask that is another one in some parameters."""
    return {name: other[name] if name.startswith(prefix) else kept for name, kept in mask.items()}


def test_tasks_with_different_masks_are_networks_of_their_own():
    plan = planned(drawn(3))
    assert plan.paths == ((0, 0, 0), (1, 1, 1), (2, 2, 2))
    assert plan.tasks == ((0, 1, 2),) * 3


@pytest.mark.parametrize("num_tasks", [1, 4])
def test_hard_sharing_is_one_network(num_tasks):
    plan = planned([whole()] * num_tasks)
    assert plan.paths == ((0, 0, 0),) * num_tasks
    assert plan.tasks == ((0,),) * 3


def test_equal_masks_are_one_network():
    one, other = drawn(2)
    copied = {name: mask.clone() for name, mask in one.items()}
    plan = planned([one, other, copied])
    assert plan.paths == ((0, 0, 0), (1, 1, 1), (0, 0, 0))
    assert plan.tasks == ((0, 1),) * 3


def test_hierarchical_sharing_is_one_network_up_to_the_layer_of_each_task():
    masks = [without(whole(num_layers=3), "layers.1.", "layers.2."), whole(num_layers=3),
             without(whole(num_layers=3), "layers.2.")]  # fmt: skip
    plan = planned(masks, num_layers=3)
    assert plan.paths == ((0, 0), (0, 0, 0, 0), (0, 0, 0))
    assert plan.tasks == ((0,), (0,), (1,), (1,))


def test_tasks_part_where_their_masks_do_and_do_not_meet_again():
    one, other = drawn(2)
    parts_above = taking(one, other, "layers.1.")
    meets_again = taking(one, other, "layers.0.")
    plan = planned([one, parts_above, meets_again])
    assert plan.paths == ((0, 0, 0), (0, 0, 1), (0, 1, 2))
    assert plan.tasks == ((0,), (0, 2), (0, 1, 2))


def test_one_weight_makes_a_difference():
    one = drawn(1)[0]
    other = {name: mask.clone() for name, mask in one.items()}
    other["layers.0.weight_hh"].view(-1)[-1] ^= True
    assert planned([one, other]).paths == ((0, 0, 0), (0, 1, 1))


@pytest.mark.parametrize("char_encoder", ["cnn", "bilstm"])
def test_characters_under_different_masks_are_read_for_each_task(char_encoder):
    one, other = drawn(2, char_encoder=char_encoder)
    plan = planned([one, taking(one, other, "words.")], char_encoder=char_encoder)
    assert plan.paths == ((0, 0, 0), (1, 1, 1))


def test_an_input_that_is_not_masked_is_one_for_all():
    masked = ["layers.1.weight_hh"]
    plan = planned(drawn(3, masked_parameters=masked), masked_parameters=masked)
    assert plan.paths == ((0, 0, 0), (0, 0, 1), (0, 0, 2))


def test_the_tasks_asked_for_are_planned_in_their_order():
    plan = planned(drawn(3), tasks=(2, 0))
    assert plan.paths == ((0, 0, 0), (1, 1, 1))
    assert plan.tasks == ((2, 0),) * 3
    assert planned(drawn(3), tasks=(1, 1)).paths == ((0, 0, 0),) * 2


def test_layers_that_no_task_runs_through_have_no_network():
    plan = planned([without(whole(num_layers=3), "layers.2."), whole(num_layers=3)], tasks=(0,), num_layers=3)
    assert plan.tasks == ((0,), (0,), (0,), ())


def test_what_later_tasks_need_is_held():
    plan = planned([without(whole(), "layers.1."), drawn(1)[0], whole()])
    assert plan.paths == ((0, 0), (1, 1, 0), (0, 0, 1))
    assert plan.needed_after(0) == {(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)}
    assert plan.needed_after(1) == {(0, 0), (1, 0), (2, 1)}
    assert plan.needed_after(2) == set()
