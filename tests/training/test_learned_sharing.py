from __future__ import annotations

import json

import pytest
import torch

from hf_sluice.models.mask_measures import counted_parameters, num_kept, overlap_ratio, sparsity
from hf_sluice.training.learned_sharing import learned_sharing, mask_values
from tests.training.sparse_training import new_sparse_model
from tests.training.tiny_training import demo, new_model, new_tokenizer


@pytest.fixture(scope="module")
def corpus():
    return demo(train=16)


def test_a_sluice_network_has_learned_alpha_and_beta(corpus):
    model = new_model(new_tokenizer(corpus), corpus.tasks)
    values = learned_sharing(model)

    assert "masks" not in values
    assert values["counted_parameters"] == counted_parameters(model)
    assert torch.equal(torch.tensor(values["alpha"]), model.alpha)
    assert torch.equal(torch.tensor(values["beta"]), model.beta)
    assert values["num_subspaces"] == model.config.num_subspaces


def test_sparse_sharing_has_masks(corpus):
    model = new_sparse_model(new_tokenizer(corpus), corpus.tasks)
    values = learned_sharing(model)

    assert values == {"counted_parameters": counted_parameters(model), "masks": mask_values(model.masks)}


def test_measures_of_masks_are_plain_values(corpus):
    masks = new_sparse_model(new_tokenizer(corpus), corpus.tasks).masks
    values = mask_values(masks)

    assert json.loads(json.dumps(values)) == values
    assert values["masked_weights"] == sum(of.numel() for of in masks["pos"].values())
    assert values["weights"] == {task: num_kept(mask) for task, mask in masks.items()}
    assert values["sparsity"] == {task: sparsity(mask) for task, mask in masks.items()}
    assert list(values["by_layer"]["pos"]) == ["characters", "layer 1", "layer 2"]
    assert list(values["by_gate"]["chunk"]["layers.0.weight_ih"]) == ["input", "forget", "cell", "output"]
    assert values["overlap"] == overlap_ratio(list(masks.values()))
    assert values["pairs"] == [["pos", "chunk", values["overlap"]]]


def test_one_task_has_no_pairs(corpus):
    masks = new_sparse_model(new_tokenizer(corpus), corpus.tasks).masks
    values = mask_values({"pos": masks["pos"]})

    assert (values["pairs"], values["overlap"]) == ([], 1.0)
