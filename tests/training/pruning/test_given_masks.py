from __future__ import annotations

import pytest
import torch

from hf_sluice.errors import RecipeError
from hf_sluice.models.mask_measures import num_kept
from hf_sluice.training.pruning.given_masks import layer_masks, random_masks
from hf_sluice.training.pruning.prune import prune, whole_mask
from tests.training.pruning.tiny_search import bench_of, recipe_of

SHAPES = {
    "words.characters.weight": (4, 3, 3),
    **{f"layers.{k}.{name}": (1, 2, 8, 4) for k in range(3) for name in ("weight_ih", "weight_hh")},
}


def found_masks(sparsity=0.4):
    generator = torch.Generator().manual_seed(0)
    importance = {name: torch.rand(shape, generator=generator) for name, shape in SHAPES.items()}
    mask = prune(whole_mask(SHAPES), importance, 1 - sparsity, "global")
    return {"pos": mask, "chunk": {name: of.clone() for name, of in mask.items()}}


def kept_layers(mask):
    return [
        layer for layer in range(3) if any(bool(mask[f"layers.{layer}.{n}"].any()) for n in ("weight_ih", "weight_hh"))
    ]


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in SHAPES)


def test_random_masks_keep_as_many_weights_of_each_parameter():
    found = found_masks()
    for task, mask in random_masks(found, 3).items():
        assert list(mask) == list(SHAPES)
        for name, of in mask.items():
            assert of.dtype == torch.bool
            assert of.shape == found[task][name].shape
            assert num_kept({name: of}) == num_kept({name: found[task][name]})


def test_random_masks_lie_elsewhere_for_every_task():
    found = found_masks()
    drawn = random_masks(found, 3)

    assert same(found["pos"], found["chunk"])
    assert not same(drawn["pos"], found["pos"])
    assert not same(drawn["pos"], drawn["chunk"])


def test_random_masks_are_a_function_of_seed_and_task():
    found = found_masks()
    drawn = random_masks(found, 3)

    assert all(same(mask, drawn[task]) for task, mask in random_masks(found, 3).items())
    assert same(random_masks({"chunk": found["chunk"]}, 3)["chunk"], drawn["chunk"])
    assert not same(random_masks(found, 4)["pos"], drawn["pos"])


def test_where_random_masks_lie_says_nothing_of_where_those_found_do():
    name, found = "layers.0.weight_ih", found_masks(sparsity=0.5)
    mask = found["pos"][name]
    share_of_found = [float(random_masks(found, seed)["pos"][name][mask].float().mean()) for seed in range(40)]

    assert sum(share_of_found) / 40 == pytest.approx(float(mask.float().mean()), abs=0.05)


@pytest.mark.parametrize(
    ("task_layers", "expected"),
    [
        (None, {"pos": 1, "chunk": 3, "ner": 3}),
        ({"pos": 2}, {"pos": 2, "chunk": 3, "ner": 3}),
        ({"pos": 3, "ner": 1}, {"pos": 3, "chunk": 3, "ner": 1}),
    ],
)
def test_masks_of_layers_keep_the_layers_that_a_task_runs_through(task_layers, expected):
    masks = layer_masks(("pos", "chunk", "ner"), SHAPES, 3, task_layers)

    assert {task: len(kept_layers(mask)) for task, mask in masks.items()} == expected
    for task, mask in masks.items():
        assert kept_layers(mask) == list(range(expected[task]))
        assert all(bool(of.all()) or not bool(of.any()) for of in mask.values())
        assert mask["words.characters.weight"].all()


def test_a_model_runs_through_the_layers_of_its_masks():
    bench = bench_of(recipe_of(masks={"method": "layers"}))
    bench.model.set_masks(layer_masks(("pos", "chunk"), bench.shapes, 2, None))

    assert [bench.model.sparse_sharing.task_masks.depth(task) for task in ("pos", "chunk")] == [1, 2]


@pytest.mark.parametrize(
    ("task_layers", "message"),
    [
        ({"ner": 1}, "masks.task_layers: 'ner' is none of the tasks pos, chunk"),
        ({"pos": 0}, "masks.task_layers: 'pos' should run through 1 to 3 layers, not 0"),
        ({"pos": 4}, "masks.task_layers: 'pos' should run through 1 to 3 layers, not 4"),
    ],
)
def test_tasks_and_layers_that_there_are_not_are_refused(task_layers, message):
    with pytest.raises(RecipeError, match=f"^{message}$"):
        layer_masks(("pos", "chunk"), SHAPES, 3, task_layers)


def test_a_layer_that_is_masked_in_part_cannot_be_left_out():
    shapes = {name: shape for name, shape in SHAPES.items() if name != "layers.2.weight_hh"}

    layer_masks(("pos", "chunk"), shapes, 3, {"pos": 3})
    with pytest.raises(RecipeError, match=r"^masks.method layers: model.masked_parameters lacks weights of layer 3$"):
        layer_masks(("pos", "chunk"), shapes, 3, {"pos": 2})
