"""The architectures that the papers compare, each written plainly for one sentence: no code shared with the package.

Each takes the parameters of a model and the sentence's inputs x (T, D), and gives what every task's head reads,
(T, 2H). Since the parameters are the model's own, gradients can be compared one by one.
"""

import numpy as np
import torch
from torch import nn


def bilstm(module, network, x):
    """nn.LSTM with one network's weights: (T, D) → (T, 2H)."""
    return bilstm_of_units(module, network, range(module.weight_hh.shape[-1]), x)


def bilstm_of_units(module, network, units, x, columns=None):
    """nn.LSTM of some units, which read each other and some columns of the input: (T, D') → (T, 2·units)."""
    hidden = module.weight_hh.shape[-1]
    rows = [gate * hidden + unit for gate in range(4) for unit in units]
    lstm = nn.LSTM(x.shape[-1], len(units), bidirectional=True, dtype=x.dtype)
    weights = {}
    for direction, suffix in enumerate(("", "_reverse")):
        weight_ih = module.weight_ih[network, direction][rows]
        weights[f"weight_ih_l0{suffix}"] = weight_ih if columns is None else weight_ih[:, columns]
        weights[f"weight_hh_l0{suffix}"] = module.weight_hh[network, direction][rows][:, list(units)]
        weights[f"bias_ih_l0{suffix}"] = module.bias[network, direction][rows]
        weights[f"bias_hh_l0{suffix}"] = torch.zeros(len(rows), dtype=x.dtype)
    return torch.func.functional_call(lstm, weights, (x,))[0]


def inputs(model, input_ids, words):
    """Word embeddings ⊕ last states of a BiLSTM over each word's characters, (T, D)."""
    encoder, encoded = model.sluice.words.characters, []
    for characters in words:
        states = bilstm(encoder.lstm, 0, encoder.embedding.weight[characters])
        half = states.shape[1] // 2
        encoded.append(torch.cat((states[-1, :half], states[0, half:])))
    return torch.cat((model.sluice.words.embedding.weight[input_ids], torch.stack(encoded)), dim=1)


def head(model, task, state):
    dense, output = model.heads[task].dense, model.heads[task].output
    return torch.tanh(state @ dense.weight.T + dense.bias) @ output.weight.T + output.bias


def beta_mixture(model, task, outputs):
    beta = model.sluice.beta_weights.free.view(len(model.heads), -1)
    return sum(beta[task, layer] * output for layer, output in enumerate(outputs))


def halves(h):
    """The first and the second half of the units of both directions: (T, H) each."""
    first, second, third, fourth = h.chunk(4, dim=1)
    return torch.cat((first, third), dim=1), torch.cat((second, fourth), dim=1)


def joined(first, second):
    """The inverse of halves."""
    (a, c), (b, d) = first.chunk(2, dim=1), second.chunk(2, dim=1)
    return torch.cat((a, b, c, d), dim=1)


def stack(model, network, x):
    outputs = []
    for module in model.sluice.layers:
        x = bilstm(module, network, x)
        outputs.append(x)
    return outputs


def shared_stack(model, x):
    """Hard sharing (Caruana 1993): one stack, all heads on top."""
    return [stack(model, 0, x)[-1] for _ in model.heads]


def shared_stack_side_by_side(model, x):
    return [torch.cat(stack(model, 0, x), dim=1) for _ in model.heads]


def shared_stack_with_heads_at(*layers):
    """Low supervision (Søgaard & Goldberg 2016)."""

    def states(model, x):
        outputs = stack(model, 0, x)
        return [outputs[layer - 1] for layer in layers]

    return states


def separate_stacks(model, x):
    return [beta_mixture(model, task, stack(model, task, x)) for task in range(len(model.heads))]


def equal_mean(model, x):
    """Hard sharing with all networks: behind each layer the mean of all halves of all of them, in both halves."""
    tasks, outputs = len(model.heads), []
    for module in model.sluice.layers:
        every = [half for task in range(tasks) for half in halves(bilstm(module, task, x))]
        mean = sum(every) * float(np.float32(1 / len(every)))
        x = joined(mean, mean)
        outputs.append(x)
    return [beta_mixture(model, task, outputs) for task in range(tasks)]


def cross_stitch_outputs(model, x):
    tasks = len(model.heads)
    alpha = model.sluice.alpha_weights.free.view(-1, tasks, tasks)
    xs, outputs = [x] * tasks, []
    for layer, module in enumerate(model.sluice.layers):
        h = [bilstm(module, task, xs[task]) for task in range(tasks)]
        xs = [sum(alpha[layer, m, n] * h[n] for n in range(tasks)) for m in range(tasks)]
        outputs.append(xs)
    return outputs


def cross_stitch(model, x):
    """Misra et al. 2016: scalars between whole layers."""
    return cross_stitch_outputs(model, x)[-1]


def cross_stitch_side_by_side(model, x):
    return [torch.cat(layers, dim=1) for layers in zip(*cross_stitch_outputs(model, x), strict=True)]


def exchange_below_the_top(model, x):
    """Block communication of two subspaces: everything is mixed but the last layer."""
    tasks, depth = len(model.heads), len(model.sluice.layers)
    alpha = model.sluice.alpha_weights.free.view(depth - 1, 2 * tasks, 2 * tasks)
    xs, outputs = [x] * tasks, []
    for layer, module in enumerate(model.sluice.layers):
        h = [bilstm(module, task, xs[task]) for task in range(tasks)]
        if layer < depth - 1:
            sources = [half for state in h for half in halves(state)]
            mixed = [sum(weight * source for weight, source in zip(row, sources, strict=True)) for row in alpha[layer]]
            h = [joined(mixed[2 * task], mixed[2 * task + 1]) for task in range(tasks)]
        xs = h
        outputs.append(h)
    return [beta_mixture(model, task, [layer[task] for layer in outputs]) for task in range(tasks)]


def shared_and_private_spaces(model, x):
    """Domain adaptation (Daumé III 2007): each domain's own features beside features that all domains have alike."""
    tasks, depth = len(model.heads), len(model.sluice.layers)
    own, common = model.sluice.alpha_weights.free.view(2, depth, tasks)
    xs, outputs = [x] * tasks, []
    for layer, module in enumerate(model.sluice.layers):
        private, shared = zip(*(halves(bilstm(module, task, xs[task])) for task in range(tasks)), strict=True)
        space = sum(common[layer, task] * shared[task] for task in range(tasks))
        xs = [joined(own[layer, task] * private[task], space) for task in range(tasks)]
        outputs.append(xs)
    return [beta_mixture(model, task, [layer[task] for layer in outputs]) for task in range(tasks)]


def group_lasso(model):
    """Σ of the norms of the two halves' input weights, over networks and layers."""
    total = 0.0
    for module in model.sluice.layers:
        hidden = module.weight_hh.shape[-1]
        for weights in module.weight_ih:
            for units in (range(hidden // 2), range(hidden // 2, hidden)):
                rows = [gate * hidden + unit for gate in range(4) for unit in units]
                total = total + weights[:, rows].square().sum().sqrt()
    return total
