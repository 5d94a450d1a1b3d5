from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.data.corpora.demo import load_demo_corpus
from hf_sluice.models.mask_measures import (
    counted_parameters,
    layer_of,
    num_kept,
    overlap_ratio,
    pair_overlaps,
    sparsity,
    sparsity_by_gate,
    sparsity_by_layer,
)
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from tests.training.sparse_training import new_sparse_model, random_masks, whole_masks
from tests.training.tiny_training import new_model, new_tokenizer

TASKS = ("pos", "chunk", "ner")


@pytest.fixture(scope="module")
def corpus():
    return load_demo_corpus(train_sentences=16, validation_sentences=4, test_sentences=4)


@pytest.fixture(scope="module")
def model(corpus) -> SparseSharingForTokenClassification:
    """Three tasks with masks that keep about 0.3, 0.5 and 0.7 of the weights."""
    return new_sparse_model(new_tokenizer(corpus), corpus.tasks[:3])


def flat(mask):
    return np.concatenate([of.numpy().ravel() for of in mask.values()])


def test_sparsity_is_the_share_that_remains(model):
    for mask in model.masks.values():
        bits = flat(mask)
        assert num_kept(mask) == bits.sum()
        assert sparsity(mask) == bits.mean()
    nothing = {name: torch.zeros_like(of) for name, of in model.masks["pos"].items()}
    assert (sparsity(nothing), sparsity({name: ~of for name, of in nothing.items()})) == (0, 1)


def test_the_overlap_ratio_is_the_intersection_over_the_union(model):
    masks = list(model.masks.values())
    bits = np.stack([flat(mask) for mask in masks])

    assert overlap_ratio(masks) == bits.all(axis=0).sum() / bits.any(axis=0).sum()
    assert overlap_ratio(masks[:1]) == 1
    assert overlap_ratio([masks[0], masks[0]]) == 1
    assert overlap_ratio([masks[0], {name: ~of for name, of in masks[0].items()}]) == 0
    nested = {name: masks[0][name] & masks[1][name] for name in masks[0]}
    assert overlap_ratio([masks[0], nested]) == num_kept(nested) / num_kept(masks[0])


def test_pairs_are_all_and_each_once(model):
    masks = model.masks
    found = pair_overlaps(masks)

    names = list(masks)
    assert list(found) == [(names[0], names[1]), (names[0], names[2]), (names[1], names[2])]
    for (one, other), ratio in found.items():
        assert ratio == overlap_ratio([masks[one], masks[other]]) == overlap_ratio([masks[other], masks[one]])
    assert pair_overlaps({"pos": masks[names[0]]}) == {}


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("words.characters.weight", "characters"), ("words.characters.lstm.weight_hh", "characters"),
        ("layers.0.weight_ih", "layer 1"), ("layers.11.weight_hh", "layer 12"),
    ],
)  # fmt: skip
def test_parameters_belong_to_layers(name, layer):
    assert layer_of(name) == layer


def test_the_layers_make_up_the_network(model):
    for mask in model.masks.values():
        by_layer = sparsity_by_layer(mask)
        assert list(by_layer) == ["characters", "layer 1", "layer 2"]
        parts = {layer: {n: of for n, of in mask.items() if layer_of(n) == layer} for layer in by_layer}
        assert sum(map(num_kept, parts.values())) == num_kept(mask)
        assert by_layer == {layer: sparsity(part) for layer, part in parts.items()}


def test_gates_are_those_of_the_recurrent_core(model):
    hidden = model.config.hidden_size
    mask = {name: torch.ones_like(of) for name, of in model.masks["pos"].items()}
    mask["layers.1.weight_hh"][..., hidden : 2 * hidden, :] = False  # the forget gate of both directions
    mask["layers.1.weight_hh"][:, 0, :hidden] = False  # the input gate of one
    found = sparsity_by_gate(mask)

    assert list(found) == [name for name in mask if name.startswith("layers.")]
    for name, of_gates in found.items():
        pruned = {"input": 0.5, "forget": 0} if name == "layers.1.weight_hh" else {}
        assert of_gates == {"input": 1, "forget": 1, "cell": 1, "output": 1} | pruned
    # The core's forget gate is the one whose bias begins at 1.
    bias = model.sparse_sharing.layers[1].bias[..., hidden : 2 * hidden]
    assert torch.equal(bias, torch.ones_like(bias))


def by_hand(model):
    """Parameters without embeddings and heads."""
    return {
        name: parameter.numel()
        for name, parameter in model.named_parameters()
        if "embedding" not in name and not name.startswith("heads.")
    }


def test_of_masked_weights_those_are_counted_that_a_task_uses(model):
    union = {name: torch.stack([mask[name] for mask in model.masks.values()]).any(0) for name in model.masks["pos"]}
    weights = by_hand(model)
    unused = sum(int((~of).sum()) for of in union.values())

    assert unused > 0
    assert counted_parameters(model) == sum(weights.values()) - unused


def test_whole_masks_and_other_networks_count_all(corpus):
    tokenizer = new_tokenizer(corpus)
    whole = new_sparse_model(tokenizer, corpus.tasks[:2], masks=whole_masks)
    sluice = new_model(tokenizer, corpus.tasks[:2])

    for found in (whole, sluice):
        assert counted_parameters(found) == sum(by_hand(found).values())


def test_the_paper_counts_534k_for_hard_sharing():
    """Sun et al. 2020, Table 3: one layer of 200 units over 100-dimensional words and 30 filters of width 3."""
    from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig

    tasks = [{"name": name, "labels": ["A", "B"]} for name in TASKS]
    config = SparseSharingConfig(tasks=tasks, vocab_size=30, char_vocab_size=20)
    assert counted_parameters(SparseSharingForTokenClassification(config)) == pytest.approx(534_000, rel=0.01)


def test_random_masks_overlap_as_chance_has_it(model):
    (a, b, _) = random_masks(model.config, 5).values()
    assert overlap_ratio([a, b]) == pytest.approx(0.3 * 0.5 / (0.3 + 0.5 - 0.15), abs=0.03)
