"""Sparse sharing written plainly: for one sentence and one task, a network whose weights are θ ⊙ M_t.

No code shared with the package. The parameters are the model's own, so that gradients can be compared one by one.
"""

from types import SimpleNamespace

import torch

from tests.models.reference_presets import bilstm


def folded(model, task):
    """The parameters of the model without heads, masks multiplied in."""
    masks = model.masks[task]
    return {
        name: parameter * masks[name] if name in masks else parameter
        for name, parameter in model.sparse_sharing.named_parameters()
    }


def module(weights, prefix):
    """What of the weights belongs to one module."""
    found = {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
    return SimpleNamespace(**{name: value for name, value in found.items() if "." not in name})


def convolved(weights, characters):
    """The largest response of each filter to the characters of one word."""
    encoder = module(weights, "words.characters.")
    width = encoder.weight.shape[-1]
    embedded = weights["words.characters.embedding.weight"][characters]
    outside = torch.zeros(width // 2, embedded.shape[1], dtype=embedded.dtype)
    embedded = torch.cat((outside, embedded, outside))
    responses = [
        torch.einsum("few,we->f", encoder.weight, embedded[start : start + width]) + encoder.bias
        for start in range(len(characters))
    ]
    return torch.stack(responses).amax(0)


def last_states(weights, characters):
    """The last states of both directions of a BiLSTM over the characters of one word."""
    embedded = weights["words.characters.embedding.weight"][characters]
    states = bilstm(module(weights, "words.characters.lstm."), 0, embedded)
    half = states.shape[1] // 2
    return torch.cat((states[-1, :half], states[0, half:]))


ENCODERS = {"cnn": convolved, "bilstm": last_states}


def logits(model, task, depth, input_ids, words):
    """Logits of one task for one sentence, (T, L).

    Args:
        model: a tagger with linear heads.
        task: its name.
        depth: the layers that it runs through.
        input_ids: word ids (T,).
        words: the character ids of each word.
    """
    weights = folded(model, task)
    x = weights["words.embedding.weight"][input_ids]
    if model.config.char_encoder != "none":
        encode = ENCODERS[model.config.char_encoder]
        x = torch.cat((x, torch.stack([encode(weights, characters) for characters in words])), dim=1)
    for layer in range(depth):
        x = bilstm(module(weights, f"layers.{layer}."), 0, x)
    head = model.heads[model.config.task_names.index(task)].output
    return x @ head.weight.T + head.bias
