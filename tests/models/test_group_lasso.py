import pytest
import torch

from hf_sluice.models.group_lasso import group_lasso_penalty


def random_weights(networks, hidden, width=5, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(networks, 2, 4 * hidden, width, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("networks", [1, 3])
@pytest.mark.parametrize("subspaces", [1, 2, 4])
def test_it_is_the_sum_of_the_norms_of_what_each_subspaces_units_read(networks, subspaces):
    weight_ih = random_weights(networks, 8)
    size, expected = 8 // subspaces, 0.0
    for network in range(networks):
        for subspace in range(subspaces):
            rows = [gate * 8 + unit for gate in range(4) for unit in range(subspace * size, (subspace + 1) * size)]
            expected += weight_ih[network, :, rows].square().sum().sqrt().item()
    assert group_lasso_penalty(weight_ih, subspaces).item() == pytest.approx(expected, abs=1e-10)


def test_it_pulls_at_every_subspace_alike_however_small():
    weight_ih = random_weights(2, 4)
    weight_ih.view(2, 2, 4, 2, 2, 5)[:, :, :, 0] *= 1e-3
    weight_ih.requires_grad_()
    group_lasso_penalty(weight_ih, 2).backward()
    norms = weight_ih.grad.view(2, 2, 4, 2, 2, 5).square().sum((1, 2, 4, 5)).sqrt()
    torch.testing.assert_close(norms, torch.ones(2, 2, dtype=torch.float64))


def test_a_subspace_that_is_off_stays_off():
    weight_ih = torch.zeros(1, 2, 16, 5, requires_grad=True)
    group_lasso_penalty(weight_ih, 2).backward()
    assert not weight_ih.grad.any()


def test_gradients():
    weight_ih = random_weights(2, 4, width=2).requires_grad_()
    assert torch.autograd.gradcheck(lambda weights: group_lasso_penalty(weights, 2), (weight_ih,))
