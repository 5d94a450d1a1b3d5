import numpy as np
import pytest
import torch

from hf_sluice.models.crf import LinearChainCrf
from hf_sluice.models.label_marginals import log_marginals
from hf_sluice.models.transitions import allowed_transitions
from tests.models import reference_chain as reference

BIOES = ["O", "B-X", "I-X", "E-X", "S-X"]


def marginals(emissions_BTL, mask_BT, scores):
    return log_marginals(emissions_BTL.transpose(0, 1), mask_BT.sum(1), scores).transpose(0, 1).exp()


def by_enumeration(emissions_TL, scores):
    """(T, L): the share of all sequences, each with its probability, that have a label at a token."""
    emissions_TL = emissions_TL.double().numpy()
    total = reference.log_partition(emissions_TL, scores)
    found = np.zeros(emissions_TL.shape)
    for sequence in reference.sequences(emissions_TL.shape[1], len(emissions_TL)):
        probability = np.exp(reference.score(sequence, emissions_TL, scores) - total)
        for step, label in enumerate(sequence):
            found[step, label] += probability
    return torch.from_numpy(found)


@pytest.mark.parametrize("scheme", ["none", "BIOES"])
@pytest.mark.parametrize("spread", [1.0, 20.0])
@pytest.mark.parametrize("lengths", [(4, 1, 3), (1,), (2, 5)])
def test_they_are_the_shares_of_all_sequences(lengths, spread, scheme):
    emissions, mask = reference.random_emissions(lengths, 5, spread=spread)
    scores = reference.random_scores(5, spread=spread / 4).within(allowed_transitions(BIOES, scheme))
    found = marginals(emissions, mask, scores)
    for rows, given, kept in zip(found, emissions, mask, strict=True):
        torch.testing.assert_close(rows[kept], by_enumeration(given[kept], scores), rtol=0, atol=1e-9)


def test_they_are_the_gradient_of_the_log_partition():
    crf, (emissions, mask) = LinearChainCrf(4).double(), reference.random_emissions((30, 7), 4, spread=3.0)
    with torch.no_grad():
        for parameter, value in zip(crf.parameters(), reference.random_scores(4), strict=True):
            parameter.copy_(value)
    emissions = emissions.nan_to_num().requires_grad_()
    first = torch.where(mask, 0, -100)
    first[:, 1:] = -100
    # Of p, the probability that the first label is 0, the gradient is p·(1 − p).
    crf.log_likelihood(emissions, first, mask).exp().sum().backward()
    probabilities = crf.log_marginals(emissions, mask).exp()
    at_start = probabilities[:, 0, 0]
    torch.testing.assert_close(emissions.grad[:, 0, 0], at_start * (1 - at_start), rtol=0, atol=1e-10)


def test_a_token_s_add_up_to_one_and_single_precision_costs_no_digits_in_long_sentences():
    crf = LinearChainCrf(6)
    with torch.no_grad():
        for parameter, value in zip(crf.parameters(), reference.random_scores(6, spread=3.0), strict=True):
            parameter.copy_(value)
    emissions, mask = reference.random_emissions((5000, 4000), 6, spread=20.0, dtype=torch.float32)
    found = crf.log_marginals(emissions, mask).exp()[mask]
    torch.testing.assert_close(found.sum(-1), torch.ones(9000, dtype=torch.float64), rtol=0, atol=1e-12)
    exact = crf.double().log_marginals(emissions.double(), mask).exp()[mask]
    torch.testing.assert_close(found, exact, rtol=0, atol=1e-6)


@pytest.mark.parametrize("scheme", ["none", "BIOES"])
def test_padding_and_other_sentences_change_nothing(scheme):
    crf = LinearChainCrf(5, allowed_transitions(BIOES, scheme))
    emissions, mask = reference.random_emissions((6, 2, 4), 5, dtype=torch.float32)
    found = crf.log_marginals(emissions, mask)
    for row, kept in enumerate(mask):
        alone = crf.log_marginals(emissions[row : row + 1, kept])
        torch.testing.assert_close(found[row, kept], alone[0], rtol=0, atol=1e-12)


def test_without_transitions_they_are_a_softmax_and_nothing_comes_of_nothing():
    emissions, _ = reference.random_emissions((7,), 4)
    crf = LinearChainCrf(4).double()
    torch.testing.assert_close(crf.log_marginals(emissions), emissions.log_softmax(-1))
    assert crf.log_marginals(emissions[:, :0]).shape == (1, 0, 4)
