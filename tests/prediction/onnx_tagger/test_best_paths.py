from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
import torch

from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores
from hf_sluice.models.viterbi import best_labels
from hf_sluice.prediction.onnx_tagger.best_paths import best_paths


def chain_of(random, labels, values=None):
    shapes = {"between": (labels, labels), "start": (labels,), "end": (labels,)}
    draw = random.standard_normal if values is None else lambda shape: random.choice(values, shape)
    return {name: draw(shape).astype(np.float32) for name, shape in shapes.items()}


def score(emissions_TL, chain, path):
    within = sum(emissions_TL[step, label] for step, label in enumerate(path))
    between = sum(chain["between"][pair] for pair in pairwise(path))
    return within + between + chain["start"][path[0]] + chain["end"][path[-1]]


@pytest.mark.parametrize("seed", range(5))
def test_no_other_sequence_scores_more(seed):
    random = np.random.default_rng(seed)
    emissions, chain = random.standard_normal((3, 4, 3)).astype(np.float32), chain_of(random, 3)
    lengths = [4, 1, 3]
    found = best_paths(emissions, np.array(lengths), chain)

    for row, length in enumerate(lengths):
        best = max(product(range(3), repeat=length), key=lambda path: score(emissions[row], chain, path))
        assert found[row, :length].tolist() == list(best)


@pytest.mark.parametrize("values", [None, (0.0, FORBIDDEN), (0.0, 1.0)])
def test_it_is_the_one_that_the_model_finds_also_where_several_are_as_good(values):
    random = np.random.default_rng(1)
    for labels in (1, 2, 7):
        emissions = random.integers(0, 3, (6, 9, labels)).astype(np.float32)
        lengths, chain = np.array([9, 1, 2, 9, 5, 8]), chain_of(random, labels, values)
        mask = torch.from_numpy(np.arange(9) < lengths[:, None])
        scores = TransitionScores(**{name: torch.from_numpy(array) for name, array in chain.items()})
        expected = best_labels(torch.from_numpy(emissions), mask, scores).numpy()

        assert (best_paths(emissions, lengths, chain) == expected)[mask.numpy()].all()
