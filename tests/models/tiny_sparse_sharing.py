"""Small sparse-sharing models with random masks for the tests of the models."""

import torch

from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from tests.models.tiny_sluice import CHARS, VOCAB, randomise


def tiny_sparse_config(num_tasks=2, **values):
    defaults = {
        "tasks": [{"name": f"task{i}", "labels": [f"L{i}{j}" for j in range(3 + i)]} for i in range(num_tasks)],
        "vocab_size": VOCAB, "char_vocab_size": CHARS, "word_embedding_size": 5, "char_embedding_size": 4,
        "char_filters": 6, "char_hidden_size": 3, "hidden_size": 8, "num_layers": 2, "head_hidden_size": 6,
        "dropout": 0.0,
    }  # fmt: skip
    return SparseSharingConfig(**{**defaults, **values})


def random_masks(config, seed=0, depths=None):
    """Masks that keep a third to two thirds of the weights; nothing above a task's depth, where there is one."""
    generator = torch.Generator().manual_seed(seed)
    masks = {}
    for number, task in enumerate(config.task_names):
        share = (number + 1) / (len(config.tasks) + 1)
        masks[task] = {n: torch.rand(s, generator=generator) < share for n, s in config.masked_shapes().items()}
        for layer in range((depths or {}).get(task, config.num_layers), config.num_layers):
            for name in masks[task]:
                if name.startswith(f"layers.{layer}."):
                    masks[task][name][:] = False
    return masks


def tiny_sparse_model(num_tasks=2, seed=0, dtype=torch.float64, depths=None, **values):
    config = tiny_sparse_config(num_tasks, **values)
    model = randomise(SparseSharingForTokenClassification(config).to(dtype), seed).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.Embedding):  # padding embeds to zero in every model
            module.weight.data[0] = 0
    model.set_masks(random_masks(config, seed, depths))
    return model
