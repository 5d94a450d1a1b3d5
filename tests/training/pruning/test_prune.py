from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.models.mask_measures import num_kept, sparsity
from hf_sluice.training.pruning.prune import count_rounds, prune, whole_mask

SHAPES = {
    "words.characters.weight": (4, 3, 3),
    "layers.0.weight_ih": (1, 2, 8, 5),
    "layers.0.weight_hh": (1, 2, 8, 2),
    "layers.1.weight_ih": (1, 2, 8, 4),
    "layers.1.weight_hh": (1, 2, 8, 2),
}
SCOPES = {
    "global": [list(SHAPES)],
    "layer": [[name for name in SHAPES if name.startswith(place)] for place in ("words", "layers.0", "layers.1")],
}
by_scope = pytest.mark.parametrize("scope", SCOPES)


def random_importance(seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.rand(shape, generator=generator) for name, shape in SHAPES.items()}


def rounds_of(rate, scope, number, seed=0):
    """The masks of some rounds, each with an importance of its own."""
    masks = [whole_mask(SHAPES)]
    for round_ in range(number):
        masks.append(prune(masks[-1], random_importance(seed + round_), rate, scope))
    return masks


def flat(values, names):
    return torch.cat([values[name].flatten() for name in names])


@by_scope
@given(rate=st.floats(0.01, 0.9), seed=st.integers(0, 1000))
def test_every_round_removes_its_share_of_what_remains_in_each_scope(scope, rate, seed):
    masks = rounds_of(rate, scope, 4, seed)

    for before, after in itertools.pairwise(masks):
        for names in SCOPES[scope]:
            remaining = int(flat(before, names).sum())
            removed = remaining - int(flat(after, names).sum())
            assert removed == min(max(1, round(rate * remaining)), remaining - 1)


@by_scope
def test_masks_are_nested_and_keep_names_and_shapes(scope):
    masks = rounds_of(0.3, scope, 6)

    for before, after in itertools.pairwise(masks):
        assert {name: tuple(of.shape) for name, of in after.items()} == SHAPES
        assert list(after) == list(SHAPES)
        assert not any(bool((after[name] & ~before[name]).any()) for name in SHAPES)


@by_scope
def test_what_goes_is_worth_less_than_what_stays(scope):
    mask, importance = rounds_of(0.3, scope, 1)[1], random_importance(7)
    pruned = prune(mask, importance, 0.3, scope)

    for names in SCOPES[scope]:
        kept, left = flat(pruned, names), flat(mask, names) & ~flat(pruned, names)
        assert flat(importance, names)[left].max() < flat(importance, names)[kept].min()


def test_the_global_scope_compares_weights_of_all_parameters():
    importance = {name: torch.full(shape, 1.0 + number) for number, (name, shape) in enumerate(SHAPES.items())}
    everywhere = prune(whole_mask(SHAPES), importance, 0.1, "global")
    in_layers = prune(whole_mask(SHAPES), importance, 0.1, "layer")

    assert [sparsity({name: of}) < 1 for name, of in everywhere.items()] == [True, False, False, False, False]
    # Of each layer, the parameter that is worth less.
    assert [sparsity({name: of}) < 1 for name, of in in_layers.items()] == [True, True, False, True, False]


@by_scope
def test_of_equals_the_first_ones_go(scope):
    pruned = prune(whole_mask(SHAPES), {name: torch.ones(shape) for name, shape in SHAPES.items()}, 0.25, scope)

    for names in SCOPES[scope]:
        kept = flat(pruned, names)
        number = round(0.25 * len(kept))
        assert not kept[:number].any()
        assert kept[number:].all()


@by_scope
def test_what_is_masked_does_not_come_back_however_much_it_is_worth(scope):
    mask = rounds_of(0.5, scope, 1)[1]
    importance = {name: torch.where(of, torch.rand(of.shape), 100.0) for name, of in mask.items()}

    pruned = prune(mask, importance, 0.5, scope)
    assert not any(bool((pruned[name] & ~mask[name]).any()) for name in SHAPES)


@by_scope
@pytest.mark.parametrize("rate", [0.001, 0.999])
def test_at_least_one_weight_goes_and_one_stays(scope, rate):
    masks = rounds_of(rate, scope, 10)
    counts = [[int(flat(mask, names).sum()) for names in SCOPES[scope]] for mask in masks]

    for before, after in itertools.pairwise(counts):
        for had, has in zip(before, after, strict=True):
            assert has >= 1
            assert has < had or had == 1


def test_neither_mask_nor_importance_is_changed():
    mask, importance = whole_mask(SHAPES), random_importance()
    before = {name: value.clone() for name, value in importance.items()}
    prune(mask, importance, 0.5, "global")

    assert all(bool(of.all()) for of in mask.values())
    assert all(torch.equal(importance[name], before[name]) for name in SHAPES)


@by_scope
@given(rate=st.floats(0.05, 0.9), final=st.floats(0.01, 0.9))
def test_rounds_are_counted_as_they_are_made(scope, rate, final):
    mask, rounds = whole_mask(SHAPES), 0
    while sparsity(mask) > final:
        pruned = prune(mask, random_importance(rounds), rate, scope)
        if num_kept(pruned) == num_kept(mask):
            break
        mask, rounds = pruned, rounds + 1

    assert count_rounds(SHAPES, rate, final, scope) == rounds


def test_the_papers_rate_takes_22_rounds_to_a_tenth():
    shapes = {"layers.0.weight_ih": (1, 2, 800, 130), "layers.0.weight_hh": (1, 2, 800, 200)}
    assert count_rounds(shapes, 0.1, 0.1, "global") == 22
