"""Small models of sparse sharing with random masks, for the tests of training."""

from __future__ import annotations

import torch

from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification

SIZES = {"word_embedding_size": 6, "char_embedding_size": 5, "char_filters": 4, "hidden_size": 8, "num_layers": 2}


def new_sparse_model(tokenizer, tasks, seed=0, *, masks=None, **values):
    """A fresh model; by default its masks are random ones, of another density for each task."""
    torch.manual_seed(seed)
    config = SparseSharingConfig(
        tasks=[task.to_dict() for task in tasks],
        vocab_size=tokenizer.vocab_size,
        char_vocab_size=tokenizer.char_vocab_size,
        **{**SIZES, **values},
    )
    model = SparseSharingForTokenClassification(config)
    model.set_masks(random_masks(config, seed) if masks is None else masks(config))
    return model


def random_masks(config, seed):
    """Masks that overlap, of densities 0.3, 0.5, 0.7, …"""
    generator = torch.Generator().manual_seed(seed)
    return {
        task: {
            name: torch.rand(shape, generator=generator) < 0.3 + 0.2 * number
            for name, shape in config.masked_shapes().items()
        }
        for number, task in enumerate(config.task_names)
    }


def whole_masks(config):
    """Masks that keep every weight."""
    shapes = config.masked_shapes()
    return {task: {n: torch.ones(s, dtype=torch.bool) for n, s in shapes.items()} for task in config.task_names}


def disjoint_masks(config):
    """Masks that share no weight."""
    generator = torch.Generator().manual_seed(0)
    names, shapes = config.task_names, config.masked_shapes()
    owners = {name: torch.randint(len(names), shape, generator=generator) for name, shape in shapes.items()}
    return {task: {name: owner == number for name, owner in owners.items()} for number, task in enumerate(names)}


def subnet(model, tasks):
    """Per masked parameter, by its name in the tagger, the weights of some tasks; never empty-handed."""
    named = [model.masks[task] for task in tasks]
    return {f"sparse_sharing.{name}": torch.stack([of[name] for of in named]).any(0) for name in named[0]}
