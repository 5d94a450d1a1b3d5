import itertools

import pytest
import torch

from hf_sluice.models.orthogonality import _Overlaps, orthogonality_penalty


def random_weights(networks, hidden, width=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(networks, 2, 4 * hidden, width, generator=generator, dtype=torch.float64)


def columns(weight_ih, network, subspaces):
    """Per subspace a matrix with a column per unit of either direction, four gates below each other."""
    by_gate = weight_ih[network].unflatten(1, (4, -1))  # (2, 4, H, D)
    units = by_gate.permute(1, 3, 0, 2).flatten(0, 1)  # (4·D, 2, H)
    return [part.flatten(1) for part in units.chunk(subspaces, dim=2)]


@pytest.mark.parametrize(("networks", "subspaces"), list(itertools.product((1, 3), (1, 2, 3, 6))))
def test_penalty_equals_the_equation(networks, subspaces):
    weight_ih = random_weights(networks, 6)
    expected = torch.zeros((), dtype=torch.float64)
    for network in range(networks):
        for first, second in itertools.combinations(columns(weight_ih, network, subspaces), 2):
            expected += torch.linalg.matrix_norm(first.T @ second) ** 2
    torch.testing.assert_close(orthogonality_penalty(weight_ih, subspaces), expected, rtol=1e-12, atol=0)


def test_one_subspace_is_kept_apart_from_nothing():
    assert orthogonality_penalty(random_weights(2, 4), 1) == 0


def test_orthogonal_subspaces_cost_nothing_whatever_is_inside_them():
    weight_ih = random_weights(2, 4, width=6)
    by_gate = weight_ih.view(2, 2, 4, 4, 6)
    by_gate[..., :2, :3] = 0  # first subspace reads the last three inputs
    by_gate[..., 2:, 3:] = 0  # second subspace the first three
    assert orthogonality_penalty(weight_ih, 2) == 0
    assert orthogonality_penalty(weight_ih, 4) > 0


def test_networks_add_up():
    weight_ih = random_weights(3, 4)
    parts = [orthogonality_penalty(weight_ih[n : n + 1], 2) for n in range(3)]
    torch.testing.assert_close(orthogonality_penalty(weight_ih, 2), torch.stack(parts).sum(), rtol=1e-12, atol=0)


def test_gradients():
    weight_ih = random_weights(2, 3, width=2).requires_grad_()
    assert torch.autograd.gradcheck(lambda w: orthogonality_penalty(w, 3), (weight_ih,))


@pytest.mark.parametrize("subspaces", [2, 3])
def test_on_a_cpu_single_precision_agrees_with_double_precision(subspaces):
    exact = random_weights(2, 12, width=20).requires_grad_()
    rounded = exact.detach().float().requires_grad_()
    of_exact, of_rounded = (orthogonality_penalty(weight_ih, subspaces) for weight_ih in (exact, rounded))
    torch.testing.assert_close(of_rounded.double(), of_exact, rtol=1e-6, atol=0)
    (3 * of_exact).backward()
    (3 * of_rounded).backward()
    torch.testing.assert_close(rounded.grad.double(), exact.grad, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("subspaces", [2, 3])
def test_gradients_written_by_hand(subspaces):
    weight_ih = random_weights(2, 6, width=2).requires_grad_()
    assert torch.autograd.gradcheck(lambda w: _Overlaps.apply(w, subspaces), (weight_ih,))


def test_the_gradient_of_the_gradient_is_refused():
    weight_ih = random_weights(1, 2).float().requires_grad_()
    loss = orthogonality_penalty(weight_ih, 2) + weight_ih.square().sum()
    with pytest.raises(RuntimeError, match=r"^orthogonality penalty: the gradient of its gradient is not known"):
        torch.autograd.grad(loss, weight_ih, create_graph=True)
