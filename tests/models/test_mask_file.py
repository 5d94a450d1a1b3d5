import json
import math
import struct

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from hf_sluice.models.mask_file import FORMAT, MaskSet, mask_at_round

SHAPES = {"words.characters.weight": (3, 3, 3), "layers.0.weight_ih": (1, 2, 8, 5), "layers.0.weight_hh": (1, 2, 8, 2)}
WEIGHTS = sum(math.prod(shape) for shape in SHAPES.values())
TASKS = ("pos", "ner", "chunk")


def random_rounds(seed=0, last=6):
    """At which round each weight left; some never did."""
    generator = torch.Generator().manual_seed(seed)
    return {
        task: {
            name: torch.randint(0, last + 1, shape, generator=generator, dtype=torch.uint8)
            for name, shape in SHAPES.items()
        }
        for task in TASKS
    }


def searched(chosen_round=6):
    rounds = random_rounds()
    return MaskSet({task: mask_at_round(left, chosen_round) for task, left in rounds.items()}, rounds)


def drawn(seed=1, tasks=TASKS, shapes=None):
    generator = torch.Generator().manual_seed(seed)
    shapes = SHAPES if shapes is None else shapes
    return {task: {n: torch.rand(s, generator=generator) < 0.5 for n, s in shapes.items()} for task in tasks}


def assert_same(got, expected):
    assert list(got) == list(expected)
    for task, of_task in expected.items():
        assert list(got[task]) == list(of_task)
        for name, mask in of_task.items():
            assert got[task][name].dtype == mask.dtype
            assert torch.equal(got[task][name], mask), (task, name)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "masks.safetensors"


def test_masks_are_read_back(path):
    masks = drawn()
    MaskSet(masks).save(path)
    loaded = MaskSet.load(path)
    assert_same(loaded.masks, masks)
    assert loaded.rounds is None
    assert loaded.shapes == SHAPES
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_masks_that_are_numbers_are_read_back_as_bool(path):
    masks = drawn()
    MaskSet({task: {name: mask.float() for name, mask in of.items()} for task, of in masks.items()}).save(path)
    assert_same(MaskSet.load(path).masks, masks)


def test_every_level_of_the_search_can_be_had_back_from_one_file(path):
    searched(chosen_round=3).save(path)
    loaded, rounds = MaskSet.load(path), random_rounds()
    assert_same(loaded.rounds, rounds)
    for task in TASKS:
        assert all(mask.all() for mask in loaded.at_round(task, 0).values())
        remaining = []
        for number in range(7):
            level = loaded.at_round(task, number)
            for name, mask in level.items():
                expected = [left == 0 or left > number for left in rounds[task][name].flatten().tolist()]
                assert mask.flatten().tolist() == expected
            remaining.append(sum(int(mask.sum()) for mask in level.values()))
        assert remaining == sorted(remaining, reverse=True)
        assert len(set(remaining)) == 7
    assert_same(loaded.masks, {task: loaded.at_round(task, 3) for task in TASKS})


def test_levels_need_the_rounds():
    with pytest.raises(ValueError, match=r"^these masks were saved without the rounds of their search$"):
        MaskSet(drawn()).at_round("pos", 1)


def test_rounds_stand_by_their_task_whatever_their_order(path):
    masks, rounds = drawn(), random_rounds()
    backwards = {task: dict(reversed(rounds[task].items())) for task in reversed(TASKS)}
    MaskSet(masks, backwards).save(path)
    assert_same(MaskSet.load(path).rounds, rounds)


def size_of_masks(path):
    """Bytes of the masks, and of everything that is not tensors."""
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    offsets = [entry["data_offsets"] for name, entry in header.items() if name.startswith("masks/")]
    return sum(end - start for start, end in offsets), 8 + length


def test_a_mask_is_a_bit_for_each_weight_and_task(path):
    """At most 1.05 bits with a fixed header: here exactly 1, rounded up to bytes for each parameter and task."""
    shapes = {"words.characters.weight": (30, 30, 3), "layers.0.weight_ih": (1, 2, 800, 130),
              "layers.0.weight_hh": (1, 2, 800, 200)}  # fmt: skip
    weights = sum(math.prod(shape) for shape in shapes.values())
    MaskSet(drawn(shapes=shapes)).save(path)
    size, header = size_of_masks(path)
    assert size == len(TASKS) * sum(math.ceil(math.prod(shape) / 8) for shape in shapes.values())
    assert 8 * size <= 1.05 * weights * len(TASKS)
    assert header < 1024
    assert path.stat().st_size == header + size


def test_rounds_do_not_make_masks_larger(path):
    searched().save(path)
    with_rounds, _ = size_of_masks(path)
    MaskSet(drawn()).save(path)
    assert size_of_masks(path)[0] == with_rounds


def replaced(task, name, value, masks=None):
    masks = drawn() if masks is None else masks
    return {**masks, task: {**masks[task], name: value}}


WRONG_MASKS = {
    "no task": ({}, "masks: there should be at least one task with one parameter"),
    "no parameter": ({"pos": {}}, "masks: there should be at least one task with one parameter"),
    "values": (
        replaced("ner", "layers.0.weight_hh", torch.full((1, 2, 8, 2), 2)),
        "masks of 'ner': layers.0.weight_hh should hold 0 and 1 only",
    ),
    "shape": (
        replaced("ner", "layers.0.weight_hh", torch.ones(2, 8, 2)),
        "masks of 'ner': layers.0.weight_hh should be of shape (1, 2, 8, 2), not (2, 8, 2)",
    ),
    "parameters": (
        replaced("chunk", "layers.1.weight_hh", torch.ones(1, 2, 8, 2)),
        f"masks of 'chunk': are for {', '.join(SHAPES)}, layers.1.weight_hh; they should be for {', '.join(SHAPES)}",
    ),
}


@pytest.mark.parametrize(("masks", "message"), WRONG_MASKS.values(), ids=WRONG_MASKS)
def test_what_is_no_set_of_masks_is_named(masks, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        MaskSet(masks)
    assert str(caught.value) == message


WRONG_ROUNDS = {
    "tasks": (
        {task: rounds for task, rounds in random_rounds().items() if task != "ner"},
        "rounds: are those of pos, chunk, but the masks of pos, ner, chunk",
    ),
    "type": (
        replaced("pos", "layers.0.weight_hh", torch.zeros(1, 2, 8, 2), random_rounds()),
        "rounds of 'pos': layers.0.weight_hh should be uint8 of shape (1, 2, 8, 2), not torch.float32 of (1, 2, 8, 2)",
    ),
    "shape": (
        replaced("pos", "layers.0.weight_hh", torch.zeros(2, 8, dtype=torch.uint8), random_rounds()),
        "rounds of 'pos': layers.0.weight_hh should be uint8 of shape (1, 2, 8, 2), not torch.uint8 of (2, 8)",
    ),
    "parameters": (
        {**random_rounds(), "ner": {"bias": torch.zeros(1, dtype=torch.uint8)}},
        f"rounds of 'ner': are for bias; they should be for {', '.join(SHAPES)}",
    ),
}


@pytest.mark.parametrize(("rounds", "message"), WRONG_ROUNDS.values(), ids=WRONG_ROUNDS)
def test_rounds_that_do_not_go_with_the_masks_are_named(rounds, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        MaskSet(drawn(), rounds)
    assert str(caught.value) == message


def rewritten(path, change):
    """The file again, with something of its tensors or its metadata changed."""
    tensors = load_file(path)
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    change(tensors, metadata)
    save_file(tensors, path, metadata)


def stray(tensors, _):
    tensors["masks/words.characters.weight"][0, -1] |= 1  # 27 weights have 5 bits to spare


def fewer(tensors, _):
    tensors["masks/layers.0.weight_ih"] = tensors["masks/layers.0.weight_ih"][:2].clone()


def unpacked(tensors, _):
    tensors["masks/layers.0.weight_ih"] = tensors["masks/layers.0.weight_ih"] > 0


DAMAGES = {
    "format": (lambda _, m: m.update(format="pt"), f"no file of masks; its format should be {FORMAT!r}, not 'pt'"),
    "version": (lambda _, m: m.update(version="2"), "version '2' of the format; this program reads 1"),
    "stray bits": (stray, "the masks of words.characters.weight have bits beyond its 27 weights"),
    "fewer tasks": (fewer, "the masks of layers.0.weight_ih should be 3 rows of 10 bytes"),
    "not packed": (unpacked, "the masks of layers.0.weight_ih should be 3 rows of 10 bytes"),
    "missing masks": (
        lambda t, _: t.pop("masks/layers.0.weight_hh"),
        "the masks of layers.0.weight_hh should be 3 rows of 4 bytes",
    ),
    "missing rounds": (
        lambda t, _: t.pop("rounds/layers.0.weight_hh"),
        "the rounds of layers.0.weight_hh should be one byte for each of its masks' bits",
    ),
    "rounds of another shape": (
        lambda t, _: t.update({"rounds/layers.0.weight_hh": t["rounds/layers.0.weight_hh"][:, 1:].clone()}),
        "the rounds of layers.0.weight_hh should be one byte for each of its masks' bits",
    ),
    **{
        f"{field} {value}": (
            lambda _, m, field=field, value=value: m.update({field: value}),
            "the names of tasks and the shapes of parameters are damaged",
        )
        for field, values in {
            "tasks": ("", "3", '"pos"', "[]", "[1, 2, 3]", '["pos", "pos", "ner"]', "{}"),
            "shapes": ("", "[]", "{}", '{"a": 3}', '{"a": [-1, 2]}', '{"a": [1.5]}', '{"a": [true]}', '{"a": [1e999]}'),
        }.items()
        for value in values
    },
    "no tasks": (lambda _, m: m.pop("tasks"), "the names of tasks and the shapes of parameters are damaged"),
}


@pytest.mark.parametrize(("change", "message"), DAMAGES.values(), ids=DAMAGES)
def test_a_damage_is_named(path, change, message):
    searched().save(path)
    rewritten(path, change)
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        MaskSet.load(path)
    assert str(caught.value) == f"{path}: {message}"


def test_a_foreign_file_is_named(path):
    save_file({"weight": torch.ones(3)}, path)
    with pytest.raises(ValueError, match=r"no file of masks; its format should be 'hf_sluice.masks', not None"):
        MaskSet.load(path)
    path.write_text("tasks: [pos]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="damaged or cut short, or no file of masks"):
        MaskSet.load(path)
    with pytest.raises(ValueError, match="other: no such file of masks"):
        MaskSet.load(path.with_name("other"))
    with pytest.raises(ValueError, match="damaged or cut short, or no file of masks"):
        MaskSet.load(path.parent)


def test_a_file_that_is_cut_short_is_refused_wherever_the_cut_is(path):
    searched().save(path)
    content = path.read_bytes()
    for end in range(0, len(content), 7):
        path.write_bytes(content[:end])
        with pytest.raises(ValueError, match="damaged or cut short, or no file of masks"):
            MaskSet.load(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_wrong_byte_is_refused_or_gives_masks(path, place, change):
    """Never anything else: no other error, and nothing that is no mask."""
    searched().save(path)
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= change
    path.write_bytes(content)
    message, masks = "", {}
    try:
        masks = MaskSet.load(path).masks
    except ValueError as error:
        message = str(error)
    assert bool(masks) != bool(message)
    assert message.startswith(str(path) if message else "")
    assert "\n" not in message
    assert all(mask.dtype == torch.bool for of_task in masks.values() for mask in of_task.values())


def test_a_file_is_replaced_as_a_whole(path, monkeypatch):
    MaskSet(drawn(1)).save(path)

    def fails(aside, content):
        with aside.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", fails)
    with pytest.raises(OSError, match="no space left"):
        MaskSet(drawn(2)).save(path)
    assert_same(MaskSet.load(path).masks, drawn(1))
