import copy
import math

import pytest
import torch

from hf_sluice.models.task_masks import TaskMasks, as_mask, check_layers
from tests.models.tiny_sparse_sharing import random_masks, tiny_sparse_config

NAMES = ("words.characters.weight", "layers.0.weight_ih", "layers.0.weight_hh", "layers.1.weight_ih",
         "layers.1.weight_hh")  # fmt: skip


def made(num_tasks=3, **values):
    """Masks of a fresh model."""
    config = tiny_sparse_config(num_tasks, **values)
    masks = TaskMasks(config)
    masks.reset_parameters()
    return config, masks


def filled(num_tasks=3, seed=0, **values):
    """Masks, and what they were set to."""
    config, masks = made(num_tasks, **values)
    chosen = random_masks(config, seed)
    masks.set(chosen)
    return masks, chosen


def assert_are(masks, expected):
    for task, of_task in expected.items():
        got = masks.of_task(task)
        assert list(got) == list(masks.shapes)
        for name, mask in of_task.items():
            assert got[name].dtype == torch.bool
            assert torch.equal(got[name], mask), (task, name)


def test_fresh_masks_keep_everything():
    config, masks = made()
    assert_are(masks, {t: {n: torch.ones(s).bool() for n, s in config.masked_shapes().items()} for t in masks.tasks})
    masks.check()


@pytest.mark.parametrize("char_encoder", ["cnn", "bilstm", "none"])
def test_masks_that_were_set_are_read_back(char_encoder):
    masks, chosen = filled(char_encoder=char_encoder)
    assert_are(masks, chosen)
    for name, shape in masks.shapes.items():
        assert masks[name].shape == (3, *shape)
        assert torch.equal(masks[name], torch.stack([chosen[task][name] for task in masks.tasks]))


def test_the_state_is_one_bit_for_each_weight_and_task():
    masks, _ = filled()
    state = masks.state_dict()
    assert len(state) == len(masks.shapes)
    for name, shape in masks.shapes.items():
        bits = state[name.replace(".", "__")]
        assert bits.dtype == torch.uint8
        assert bits.shape == (3, math.ceil(math.prod(shape) / 8))


def test_tasks_that_are_not_named_keep_their_masks():
    masks, chosen = filled()
    other = random_masks(tiny_sparse_config(3), seed=5)["task1"]
    masks.set({"task1": other})
    assert_are(masks, {**chosen, "task1": other})


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int64, torch.float32])
def test_a_mask_may_be_numbers_that_are_0_or_1(dtype):
    masks, _ = filled()
    others = random_masks(tiny_sparse_config(3), seed=7)
    masks.set({task: {name: mask.to(dtype) for name, mask in of.items()} for task, of in others.items()})
    assert_are(masks, others)


def changed(change):
    """Masks for the two tasks, something about the second task's being wrong."""
    chosen = random_masks(tiny_sparse_config(2))
    change(chosen["task1"])
    return chosen


def half(of_task):
    of_task["layers.0.weight_hh"] = of_task["layers.0.weight_hh"] * 0.5


def two(of_task):
    of_task["layers.0.weight_hh"] = of_task["layers.0.weight_hh"].long() * 2


def not_a_number(of_task):
    of_task["layers.0.weight_hh"] = torch.where(of_task["layers.0.weight_hh"], torch.nan, 0.0)


def without_layers(*layers):
    def change(of_task):
        for name in of_task:
            if name.startswith(tuple(f"layers.{layer}." for layer in layers)):
                of_task[name] = torch.zeros_like(of_task[name])

    return change


WRONG = {
    "missing": (lambda of: of.pop("layers.0.weight_ih"), "masks of 'task1': layers.0.weight_ih is missing"),
    "unknown": (
        lambda of: of.update({"layers.0.bias": torch.ones(1, 2, 32)}),
        f"masks of 'task1': 'layers.0.bias' is none of {', '.join(NAMES)}",
    ),
    "shape": (
        lambda of: of.update({"layers.1.weight_hh": torch.ones(2, 32, 8)}),
        "masks of 'task1': layers.1.weight_hh should be of shape (1, 2, 32, 8), not (2, 32, 8)",
    ),
    "halves": (half, "masks of 'task1': layers.0.weight_hh should hold 0 and 1 only"),
    "twos": (two, "masks of 'task1': layers.0.weight_hh should hold 0 and 1 only"),
    "nan": (not_a_number, "masks of 'task1': layers.0.weight_hh should hold 0 and 1 only"),
    "nothing": (without_layers(0, 1), "masks of 'task1': no weight of the first layer is kept"),
    "no first layer": (without_layers(0), "masks of 'task1': no weight of the first layer is kept"),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_mask_is_named_and_nothing_is_set(change, message):
    masks, before = filled(2, seed=3)
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        masks.set(changed(change))
    assert str(caught.value) == message
    assert_are(masks, before)


def test_masks_of_an_unknown_task_are_named():
    masks, before = filled(2)
    with pytest.raises(ValueError, match=r"^masks: task 'ner' is none of task0, task1$"):
        masks.set({"task0": before["task1"], "ner": before["task0"]})
    assert_are(masks, before)


def test_a_gap_between_layers_is_named():
    of_task = random_masks(tiny_sparse_config(1, num_layers=4))["task0"]
    without_layers(1, 2)(of_task)
    with pytest.raises(ValueError, match=r"^masks of 'pos': no weight of layer 2 is kept, but of one above it$"):
        check_layers("pos", of_task, 4)
    without_layers(3)(of_task)
    check_layers("pos", of_task, 4)


def test_a_task_runs_through_the_layers_of_which_it_keeps_a_weight():
    masks, chosen = filled(3, num_layers=3)
    without_layers(2)(chosen["task0"])
    without_layers(1, 2)(chosen["task1"])
    chosen["task2"]["layers.2.weight_hh"][:] = False
    masks.set(chosen)
    assert [masks.depth(task) for task in masks.tasks] == [2, 1, 3]


def test_a_layer_that_is_masked_in_part_is_never_left_out():
    """Its recurrent weights are every task's."""
    masks, chosen = filled(1, masked_parameters=["layers.0.weight_ih", "layers.1.weight_ih"])
    masks.set({"task0": {name: torch.zeros_like(mask) for name, mask in chosen["task0"].items()}})
    assert masks.depth("task0") == 2


def test_what_is_read_is_a_copy():
    masks, chosen = filled()
    masks.of_task("task0")["layers.0.weight_ih"].zero_()
    assert_are(masks, chosen)


def flip(packed):
    with torch.no_grad():
        packed[0, 0] ^= 1


def replace(masks):
    masks.register_buffer("layers__0__weight_ih", masks.packed("layers.0.weight_ih") ^ 1)


CHANGES = {
    "set": lambda masks: masks.set(random_masks(tiny_sparse_config(3), seed=9)),
    "state": lambda masks: masks.load_state_dict(filled(seed=9)[0].state_dict()),
    "state, assigned": lambda masks: masks.load_state_dict(filled(seed=9)[0].state_dict(), assign=True),
    "in place": lambda masks: flip(masks.packed("layers.0.weight_ih")),
    "in place, behind a view": lambda masks: flip(masks.packed("layers.0.weight_ih")[:]),
    "replaced": replace,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_a_mask_is_noticed(change):
    masks, _ = filled()
    before, generation = masks["layers.0.weight_ih"], masks.generation
    assert masks["layers.0.weight_ih"] is before
    assert masks.generation == generation
    change(masks)
    assert masks.generation != generation
    assert not torch.equal(masks["layers.0.weight_ih"], before)


def test_a_copy_has_masks_of_its_own():
    masks, chosen = filled()
    copied = copy.deepcopy(masks)
    assert_are(copied, chosen)
    copied.set(random_masks(tiny_sparse_config(3), seed=4))
    assert_are(masks, chosen)


def test_a_copy_is_made_of_the_masks_as_they_are():
    """A change that has not been noticed yet is not lost, though a copy's buffers count their changes anew."""
    _, masks = made()
    assert masks["layers.0.weight_ih"].all()
    flip(masks.packed("layers.0.weight_ih"))
    assert not copy.deepcopy(masks)["layers.0.weight_ih"].all()


def test_masks_can_be_made_and_set_in_inference_mode():
    with torch.inference_mode():
        masks, chosen = filled()
        assert_are(masks, chosen)
        others = random_masks(tiny_sparse_config(3), seed=4)
        masks.set(others)
        assert_are(masks, others)


def test_a_state_with_bits_beyond_the_weights_is_refused():
    """A network of another size may happen to have masks of as many bytes."""
    masks, _ = filled(1, char_filters=3, char_embedding_size=3)  # 27 weights
    state = {name: value.clone() for name, value in masks.state_dict().items()}
    state["words__characters__weight"][0, 3] |= 1
    message = "masks of words.characters.weight: bits are set beyond its weights; they were made for another shape"
    with pytest.raises(RuntimeError, match=message):
        masks.load_state_dict(state)
    with pytest.raises(ValueError, match=f"^{message}$"):
        masks.check()


def test_a_state_that_is_no_bits_is_refused():
    masks, _ = filled(2)
    state = masks.state_dict()
    state["layers__0__weight_ih"] = state["layers__0__weight_ih"] + 0.5
    for assign in (False, True):
        with pytest.raises(
            RuntimeError, match=r"masks of layers.0.weight_ih: should be packed bits, uint8, not torch.float32"
        ):
            copy.deepcopy(masks).load_state_dict(state, assign=assign)


def test_a_state_of_other_tasks_or_shapes_is_refused():
    masks, _ = filled(2)
    with pytest.raises(RuntimeError, match="size mismatch for layers__0__weight_hh"):
        masks.load_state_dict(filled(3)[0].state_dict())
    with pytest.raises(RuntimeError, match="size mismatch for layers__0__weight_hh"):
        masks.load_state_dict(filled(2, hidden_size=9)[0].state_dict())


def test_a_state_that_leaves_a_gap_is_refused():
    masks, _ = filled(2)
    state = masks.state_dict()
    for name in ("layers__0__weight_ih", "layers__0__weight_hh"):
        state[name] = torch.zeros_like(state[name])
    with pytest.raises(RuntimeError, match="masks of 'task0': no weight of the first layer is kept"):
        masks.load_state_dict(state)


def test_as_mask_keeps_what_is_bool():
    mask = torch.tensor([True, False])
    assert as_mask("here", mask, (2,)) is mask
