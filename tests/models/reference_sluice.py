"""The equations of sluice networks in plain loops over numpy float64: no code shared with the package."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm(inputs, w_ih, w_hh, bias):
    """One direction: list of vectors → list of states. Gates in the order input, forget, cell, output."""
    hidden = w_hh.shape[1]
    h, c, states = np.zeros(hidden), np.zeros(hidden), []
    for x in inputs:
        gates = w_ih @ x + w_hh @ h + bias
        i, f, g, o = (gates[n * hidden : (n + 1) * hidden] for n in range(4))
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return states


def bilstm(inputs, layer, network):
    """Both directions of one network: a list of (forward, backward) pairs."""
    w_ih, w_hh, bias = layer
    forward = lstm(inputs, w_ih[network, 0], w_hh[network, 0], bias[network, 0])
    backward = lstm(inputs[::-1], w_ih[network, 1], w_hh[network, 1], bias[network, 1])[::-1]
    return list(zip(forward, backward, strict=True))


def layer_parameters(module):
    return tuple(p.detach().double().numpy() for p in (module.weight_ih, module.weight_hh, module.bias))


def encode_word(model, char_ids):
    characters = model.sluice.words.characters
    embedding = characters.embedding.weight.detach().double().numpy()
    states = bilstm([embedding[c] for c in char_ids if c != 0], layer_parameters(characters.lstm), 0)
    return np.concatenate([states[-1][0], states[0][1]])


def mix(alpha, outputs, subspaces):
    """h̃[m,s] = Σ α[(m,s),(n,r)] h[n,r], for one layer; outputs[n][t] = (forward, backward)."""
    networks, steps = len(outputs), len(outputs[0])
    hidden = outputs[0][0][0].shape[0]
    width = hidden // subspaces
    mixed = []
    for m in range(networks):
        sentence = []
        for t in range(steps):
            pair = []
            for direction in (0, 1):
                target = np.zeros(hidden)
                for s in range(subspaces):
                    for n in range(networks):
                        for r in range(subspaces):
                            source = outputs[n][t][direction][r * width : (r + 1) * width]
                            target[s * width : (s + 1) * width] += alpha[m * subspaces + s, n * subspaces + r] * source
                pair.append(target)
            sentence.append(tuple(pair))
        mixed.append(sentence)
    return mixed


def logits(model, input_ids, char_ids, char_index, length):
    """Logits of every task for one sentence: dict task → (length, L)."""
    config = model.config
    alpha, beta = (w.detach().double().numpy() for w in (model.alpha, model.beta))
    words = model.sluice.words.embedding.weight.detach().double().numpy()
    inputs = [np.concatenate([words[input_ids[t]], encode_word(model, char_ids[char_index[t]])]) for t in range(length)]
    tasks, subspaces = len(config.tasks), config.num_subspaces
    current, layers = [inputs] * tasks, []
    for k, module in enumerate(model.sluice.layers):
        outputs = [bilstm(current[m], layer_parameters(module), m) for m in range(tasks)]
        mixed = mix(alpha[k], outputs, subspaces)
        layers.append(mixed)
        current = [[np.concatenate(pair) for pair in sentence] for sentence in mixed]
    result = {}
    for m, task in enumerate(config.tasks):
        head = model.heads[m]
        w1, b1, w2, b2 = (
            p.detach().double().numpy()
            for p in (head.dense.weight, head.dense.bias, head.output.weight, head.output.bias)
        )
        rows = []
        for t in range(length):
            state = sum(beta[m, k] * np.concatenate(layers[k][m][t]) for k in range(config.num_layers))
            rows.append(w2 @ np.tanh(w1 @ state + b1) + b2)
        result[task["name"]] = np.array(rows)
    return result


def penalty(model):
    """Ω by loops over pairs of units of different subspaces; a unit's column holds its four gates' input weights."""
    total = 0.0
    subspaces = model.config.num_subspaces
    for module in model.sluice.layers:
        w_ih = module.weight_ih.detach().double().numpy()
        hidden = w_ih.shape[2] // 4
        width = hidden // subspaces
        for network in range(w_ih.shape[0]):
            columns = {}
            for direction in (0, 1):
                for unit in range(hidden):
                    gates = [w_ih[network, direction, gate * hidden + unit] for gate in range(4)]
                    columns[direction, unit] = np.concatenate(gates)
            for (_, u), a in columns.items():
                for (_, v), b in columns.items():
                    if u // width < v // width:
                        total += float(a @ b) ** 2
    return total


def cross_entropy(scores, gold):
    """Mean over labelled tokens; gold −100 is not counted."""
    terms = []
    for row, label in zip(scores, gold, strict=True):
        if label != -100:
            terms.append(np.log(np.exp(row - row.max()).sum()) + row.max() - row[label])
    return terms
