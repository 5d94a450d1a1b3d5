from __future__ import annotations

import pytest
import torch
from torch.func import functional_call

from hf_sluice.models.mask_measures import num_kept
from hf_sluice.training.pruning.prune import prune, whole_mask
from hf_sluice.training.pruning.scored_tagger import ScoredTagger
from tests.training.pruning.tiny_search import bench_of, recipe_of

RATE = 0.3
by_scope = pytest.mark.parametrize("scope", ["global", "layer"])


@pytest.fixture(
    params=[None, ["layers.1.weight_hh", "words.characters.weight", "layers.0.weight_ih"]], ids=["all", "some"]
)
def bench(request):
    """A bench whose model draws nothing at random; also with masks for some parameters, in an order of their own."""
    return bench_of(recipe_of(model={"dropout": 0.0, "masked_parameters": request.param}))


def pruned_once(bench):
    magnitudes = {name: bench.model.sparse_sharing.get_parameter(name).detach().abs() for name in bench.shapes}
    return prune(whole_mask(bench.shapes), magnitudes, 0.5, "global")


def scored(bench, scope="global"):
    """A scored tagger under a mask, with scores that differ from all that is known of the weights."""
    mask = pruned_once(bench)
    bench.model.set_masks({"pos": mask})
    tagger = ScoredTagger(bench.model, mask, RATE, scope)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for scores in tagger._by_name().values():
            scores.copy_(torch.rand(scores.shape, generator=generator))
    return tagger, mask


def batch_of(bench):
    return bench.split("train").batch(range(4), ["pos"]) | {"tasks": ["pos"]}


def test_scores_begin_at_the_magnitudes_of_the_weights(bench):
    tagger = ScoredTagger(bench.model, whole_mask(bench.shapes), RATE, "global")
    found = tagger.scores()

    assert list(found) == list(bench.shapes)
    for name, scores in found.items():
        assert torch.equal(scores, bench.model.sparse_sharing.get_parameter(name).detach().abs())


@by_scope
def test_the_forward_pass_keeps_what_the_next_round_would(bench, scope):
    tagger, mask = scored(bench, scope)
    kept = prune(mask, tagger.scores(), RATE, scope)
    expected = {
        f"sparse_sharing.{name}": bench.model.sparse_sharing.get_parameter(name).detach() * of
        for name, of in kept.items()
    }
    batch = batch_of(bench)

    assert num_kept(kept) < num_kept(mask)
    found = tagger(**batch).logits["pos"]
    assert torch.equal(found, functional_call(bench.model, expected, (), batch).logits["pos"])
    assert not torch.equal(found, bench.model(**batch).logits["pos"])


@by_scope
def test_the_gradient_of_a_score_is_that_of_its_weight_times_the_weight(bench, scope):
    """∂L/∂s = ∂L/∂w · θ, where w = θ · [s is among the highest], for all of the subnet, kept or not."""
    tagger, mask = scored(bench, scope)
    kept = prune(mask, tagger.scores(), RATE, scope)
    theta = {name: bench.model.sparse_sharing.get_parameter(name).detach() for name in mask}
    products = {name: (theta[name] * kept[name]).requires_grad_() for name in mask}
    batch = batch_of(bench)
    renamed = {f"sparse_sharing.{name}": value for name, value in products.items()}
    functional_call(bench.model, renamed, (), batch).losses["pos"].backward()
    tagger(**batch).losses["pos"].backward()

    for name, scores in tagger._by_name().items():
        expected = products[name].grad * theta[name]
        assert torch.allclose(scores.grad, expected, rtol=1e-5, atol=1e-9)
        assert not scores.grad[~mask[name]].any()  # what earlier rounds pruned
        assert scores.grad[mask[name] & ~kept[name]].any()  # what this forward pass left out


def test_weights_stand_still_and_all_else_is_trained(bench):
    tagger, _ = scored(bench)
    tagger(**batch_of(bench)).losses["pos"].backward()
    masked = {f"sparse_sharing.{name}" for name in bench.shapes}
    trained = {id(parameter) for parameter in tagger.parameters()}

    for name, parameter in bench.model.named_parameters():
        assert (id(parameter) in trained) == (name not in masked)
        if name in masked:
            assert parameter.grad is None
    assert len(trained) == len(list(bench.model.parameters()))
    assert tagger.subnet(["pos"]) == {}


def test_modes_are_those_of_the_tagger(bench):
    tagger, _ = scored(bench)

    assert tagger.eval() is tagger
    assert not bench.model.training
    tagger.train()
    assert bench.model.training
