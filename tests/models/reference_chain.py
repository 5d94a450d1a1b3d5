"""Linear chains written out: every label sequence of a sentence, one by one."""

import itertools

import numpy as np
import torch

from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores


def sequences(num_labels, length):
    return list(itertools.product(range(num_labels), repeat=length))


def score(sequence, emissions_TL, scores):
    """Score of one sequence, −∞ where it has a forbidden part."""
    between, start, end = (np.asarray(each.detach(), dtype=np.float64) for each in scores)
    terms = [start[sequence[0]], end[sequence[-1]]]
    terms += [emissions_TL[step, label] for step, label in enumerate(sequence)]
    terms += [between[before, after] for before, after in itertools.pairwise(sequence)]
    return -np.inf if min(terms) <= FORBIDDEN / 2 else sum(terms)


def log_sum(values):
    values = np.asarray(values)
    highest = values.max(initial=-np.inf)
    return highest if np.isinf(highest) else highest + np.log(np.exp(values - highest).sum())


def log_partition(emissions_TL, scores, agrees=lambda _: True):
    """log Σ exp(score) over the sequences that agree."""
    length, labels = emissions_TL.shape
    return log_sum([score(y, emissions_TL, scores) for y in sequences(labels, length) if agrees(y)])


def log_likelihood(emissions_TL, labels_T, scores):
    """Of given labels, −100 where there are none."""

    def agrees(sequence):
        return all(gold in (-100, label) for gold, label in zip(labels_T, sequence, strict=True))

    return log_partition(emissions_TL, scores, agrees) - log_partition(emissions_TL, scores)


def best(emissions_TL, scores):
    """Score and labels of the best sequence."""
    length, labels = emissions_TL.shape
    return max((score(y, emissions_TL, scores), y) for y in sequences(labels, length))


def random_scores(num_labels, seed=0, spread=1.0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    shapes = ((num_labels, num_labels), (num_labels,), (num_labels,))
    return TransitionScores(
        *((spread * torch.randn(shape, generator=generator, dtype=torch.float64)).to(dtype) for shape in shapes)
    )


def random_emissions(lengths, num_labels, seed=0, spread=1.0, dtype=torch.float64):
    """(B, T, L), NaN at padding, and the attention mask."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    values = spread * torch.randn((*mask.shape, num_labels), generator=generator, dtype=torch.float64)
    return values.masked_fill(~mask[..., None], torch.nan).to(dtype), mask
