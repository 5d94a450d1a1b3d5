"""Small models and batches for the tests of the models."""

import torch

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.presets import PRESETS

VOCAB, CHARS = 17, 11
CONNECTIONS = ("mixture", "skip", "concatenation", "last")


def presets_of_tasks(*numbers):
    """Every preset with each number of tasks that it allows."""
    return [
        (sharing, number)
        for sharing, preset in PRESETS.items()
        for number in numbers
        if preset.min_tasks <= number <= (preset.max_tasks or number)
    ]


def connections_of(sharing):
    return ("mixture",) if PRESETS[sharing].beta == "task_layers" else CONNECTIONS


def tiny_config(num_tasks=2, **values):
    domains = PRESETS[values.get("sharing", "sluice")].one_label_set
    tasks = [
        {"name": f"task{i}", "labels": [f"L{j}" for j in range(3 if domains else 3 + i)]} for i in range(num_tasks)
    ]
    defaults = {
        "tasks": tasks, "vocab_size": VOCAB, "char_vocab_size": CHARS, "word_embedding_size": 5,
        "char_embedding_size": 4, "char_hidden_size": 3, "hidden_size": 8, "head_hidden_size": 6, "noise": 0.0,
    }  # fmt: skip
    return SluiceConfig(**{**defaults, **values})


def randomise(model, seed):
    """Random values everywhere: the initial ones are zero or structured in places."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=torch.float64) * 0.5)
    return model


def tiny_model(num_tasks=2, seed=0, dtype=torch.float64, **values):
    return randomise(SluiceForTokenClassification(tiny_config(num_tasks, **values)).to(dtype), seed).eval()


def tiny_batch(lengths=(5, 3, 1), seed=0):
    """A right-padded batch of the model's inputs."""
    generator = torch.Generator().manual_seed(seed)

    def draw(low, high, shape):
        return torch.randint(low, high, shape, generator=generator)

    batch, steps, forms, longest = len(lengths), max(lengths), 7, 20
    mask = (torch.arange(steps) < torch.tensor(lengths)[:, None]).long()
    char_lengths = torch.cat((draw(1, 9, (forms - 1,)), torch.tensor([longest])))
    char_ids = draw(1, CHARS, (forms, longest)) * (torch.arange(longest) < char_lengths[:, None])
    return {
        "input_ids": draw(1, VOCAB, (batch, steps)) * mask,
        "char_ids": char_ids,
        "char_index": draw(0, forms, (batch, steps)) * mask,
        "attention_mask": mask,
    }


def tiny_labels(config, batch, seed=0):
    generator = torch.Generator().manual_seed(seed)
    mask = batch["attention_mask"].bool()
    return {
        task["name"]: torch.randint(0, len(task["labels"]), mask.shape, generator=generator).masked_fill(~mask, -100)
        for task in config.tasks
    }
