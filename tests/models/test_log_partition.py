import pytest
import torch

from hf_sluice.models import log_partition as module
from hf_sluice.models.log_partition import log_partition
from hf_sluice.models.transition_scores import FORBIDDEN, TransitionScores
from hf_sluice.models.transitions import allowed_transitions
from tests.models import reference_chain as reference

BIOES = ["O", "B-X", "I-X", "E-X", "S-X"]


def partition(emissions_BTL, mask_BT, scores):
    return log_partition(emissions_BTL.transpose(0, 1), mask_BT.sum(1), scores)


def expected(emissions_BTL, mask_BT, scores):
    values = [
        reference.log_partition(rows[kept].double().numpy(), scores)
        for rows, kept in zip(emissions_BTL, mask_BT, strict=True)
    ]
    return torch.tensor(values, dtype=torch.float64)


@pytest.fixture(params=["products", "logarithms"])
def way(request, monkeypatch):
    if request.param == "logarithms":
        monkeypatch.setattr(module, "_by_products", lambda *_: (None, False))
    return request.param


@pytest.mark.parametrize("spread", [1.0, 20.0])
@pytest.mark.parametrize(("labels", "lengths"), [(1, (3, 1)), (2, (1,)), (3, (5, 1, 4)), (5, (4, 2))])
@pytest.mark.usefixtures("way")
def test_it_is_the_sum_over_all_sequences(labels, lengths, spread):
    emissions, mask = reference.random_emissions(lengths, labels, spread=spread)
    scores = reference.random_scores(labels, spread=spread / 4)
    torch.testing.assert_close(
        partition(emissions, mask, scores), expected(emissions, mask, scores), rtol=0, atol=1e-10
    )


@pytest.mark.usefixtures("way")
def test_forbidden_transitions_count_for_nothing():
    emissions, mask = reference.random_emissions((5, 3, 1), len(BIOES))
    scores = reference.random_scores(len(BIOES)).within(allowed_transitions(BIOES, "BIOES"))
    torch.testing.assert_close(
        partition(emissions, mask, scores), expected(emissions, mask, scores), rtol=0, atol=1e-10
    )


@pytest.mark.usefixtures("way")
def test_a_sentence_of_which_all_is_forbidden_is_told_apart():
    emissions, mask = reference.random_emissions((3, 3), 2, dtype=torch.float32)
    emissions[0, 1] = FORBIDDEN
    values = partition(emissions, mask, reference.random_scores(2, dtype=torch.float32))
    assert (values < FORBIDDEN / 2).tolist() == [True, False]
    assert torch.isfinite(values).all()


def drastic(dtype):
    """The one sequence that counts has to be carried past others that are better by 200 up to its last token."""
    emissions = torch.tensor([[[0, -200], [0, -200], [0, 1000]]], dtype=dtype)
    between = torch.tensor([[0, FORBIDDEN], [0, 0]], dtype=dtype)
    return emissions, TransitionScores(between, torch.zeros(2, dtype=dtype), torch.zeros(2, dtype=dtype))


def test_what_is_too_small_for_products_is_computed_otherwise():
    emissions, scores = drastic(torch.float32)
    every = torch.ones(1, 3, dtype=torch.bool)
    emissions_TBL = emissions.transpose(0, 1)
    alphas, is_exact = module._by_products(emissions_TBL, every.t(), scores)
    assert not is_exact
    assert alphas[2, 0, 1] > 601  # what would come of it
    assert partition(emissions, every, scores).item() == pytest.approx(600, rel=1e-6)
    assert module._by_products(emissions_TBL.double(), every.t(), drastic(torch.float64)[1])[1]


@pytest.mark.parametrize("spread", [1.0, 10.0])
def test_products_are_enough_for_usual_scores(spread):
    """Well-formed sequences of BIOES under scores of a few tens, in single precision."""
    emissions, mask = reference.random_emissions((40, 7), len(BIOES), spread=spread, dtype=torch.float32)
    scores = reference.random_scores(len(BIOES), spread=3.0, dtype=torch.float32)
    scores = scores.within(allowed_transitions(BIOES, "BIOES"))
    emissions = emissions.masked_fill(~mask[..., None], 0.0).transpose(0, 1)
    alphas, is_exact = module._by_products(emissions, mask.t(), scores)
    assert is_exact
    torch.testing.assert_close(alphas, module._by_logarithms(emissions, scores), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("spread", [5.0, 50.0, 500.0])
def test_single_precision_is_close_whatever_the_scores(seed, spread):
    """To 1e-5 of the largest score of a sequence."""
    emissions, mask = reference.random_emissions((5, 4, 1), 4, seed, spread, dtype=torch.float32)
    scores = reference.random_scores(4, seed, spread, dtype=torch.float32)
    forbidden = torch.rand(4, 4, generator=torch.Generator().manual_seed(seed)) < 0.4
    scores = scores._replace(between=scores.between.masked_fill(forbidden, FORBIDDEN))
    got, wanted = partition(emissions, mask, scores).double(), expected(emissions, mask, scores)
    possible = wanted.isfinite()
    assert (got > FORBIDDEN / 2).tolist() == possible.tolist()
    torch.testing.assert_close(got[possible], wanted[possible], rtol=0, atol=1e-5 * 20 * spread)


@pytest.mark.usefixtures("way")
def test_gradients_are_right_with_forbidden_transitions():
    allowed = allowed_transitions(BIOES[:4], "BIOES")
    emissions, mask = reference.random_emissions((4, 2, 1), 4)
    inputs = [emissions.nan_to_num().requires_grad_(), *(each.requires_grad_() for each in reference.random_scores(4))]

    def function(emissions, *scores):
        return partition(emissions, mask, TransitionScores(*scores).within(allowed))

    assert torch.autograd.gradcheck(function, inputs)


def test_both_ways_have_the_same_gradients(monkeypatch):
    gradients = []
    for _ in range(2):
        emissions, mask = reference.random_emissions((5, 3), 4)
        scores = [each.requires_grad_() for each in reference.random_scores(4)]
        partition(emissions, mask, TransitionScores(*scores)).sum().backward()
        gradients.append([each.grad for each in scores])
        monkeypatch.setattr(module, "_by_products", lambda *_: (None, False))
    torch.testing.assert_close(*gradients, rtol=0, atol=1e-12)


def test_padding_gets_no_gradient_and_is_never_read():
    emissions, mask = reference.random_emissions((4, 2), 3)
    emissions.requires_grad_()
    partition(emissions, mask, reference.random_scores(3)).sum().backward()
    assert not emissions.grad[~mask].any()
    torch.testing.assert_close(emissions.grad[mask].sum(-1), torch.ones(6, dtype=torch.float64))
