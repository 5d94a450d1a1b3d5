import itertools

import numpy as np
import pytest
import torch

from hf_sluice.models.mixing import MixingWeights, mix_layers, mix_subspaces
from hf_sluice.models.sharing_table import MixingTable
from tests.models import reference_sluice as reference


def mixing_weights(slots, values):
    weights = MixingWeights(MixingTable(np.asarray(slots), np.asarray(values, dtype=np.float32)))
    weights.reset_parameters()
    return weights


def random(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_free_fixed_and_tied_entries_stand_where_the_table_says():
    weights = mixing_weights([[0, -1], [0, 1]], [[0.25, 7], [0.75, 3]])
    assert weights().tolist() == [[0.5, 7], [0.5, 3]]
    with torch.no_grad():
        weights.free.copy_(torch.tensor([10.0, 20.0]))
    assert weights().tolist() == [[10, 7], [10, 20]]


def test_gradients_of_tied_entries_add_up_and_fixed_ones_have_none():
    weights = mixing_weights([[0, -1], [0, 1]], np.ones((2, 2)))
    (weights() * torch.tensor([[1.0, 100.0], [2.0, 4.0]])).sum().backward()
    assert weights.free.grad.tolist() == [3, 4]
    assert [name for name, _ in weights.named_parameters()] == ["free"]


def test_weights_without_free_entries_have_no_parameter():
    weights = mixing_weights([[-1, -1]], [[0.5, 0]])
    assert list(weights.parameters()) == []
    assert weights().tolist() == [[0.5, 0]]


def test_everything_that_makes_up_the_weights_is_saved():
    weights = mixing_weights([[0, -1], [0, 1]], np.ones((2, 2)))
    assert set(weights.state_dict()) == {"free", "slots", "fixed"}


@pytest.mark.parametrize(("networks", "subspaces"), list(itertools.product((1, 2, 3), (1, 2, 3))))
def test_mixture_of_subspaces_equals_the_equation(networks, subspaces):
    steps, batch, hidden = 3, 2, 6
    alpha, h = random(networks * subspaces, networks * subspaces), random(networks, steps, batch, 2 * hidden, seed=1)
    mixed = mix_subspaces(alpha, h, subspaces)
    for row in range(batch):
        outputs = [[(h[n, t, row, :hidden].numpy(), h[n, t, row, hidden:].numpy()) for t in range(steps)]
                   for n in range(networks)]  # fmt: skip
        expected = [[np.concatenate(pair) for pair in sentence]
                    for sentence in reference.mix(alpha.numpy(), outputs, subspaces)]  # fmt: skip
        np.testing.assert_allclose(mixed[:, :, row], expected, rtol=0, atol=1e-12)


def test_identity_mixes_nothing_to_the_bit():
    h = random(2, 3, 2, 8).float()
    assert torch.equal(mix_subspaces(torch.eye(4), h, 2), h)


def test_a_block_of_alpha_gives_some_targets_from_some_sources():
    alpha, h = random(6, 6), random(3, 4, 2, 8, seed=1)
    alpha[2:4, 0:2] = 0  # network 1 draws nothing from network 0
    whole = mix_subspaces(alpha, h, 2)
    block = mix_subspaces(alpha[2:4, 2:6], h[1:], 2)
    torch.testing.assert_close(block, whole[1:2], rtol=0, atol=1e-12)


def test_gradients_of_the_mixture():
    alpha, h = random(4, 4).requires_grad_(), random(2, 2, 2, 4, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda a, x: mix_subspaces(a, x, 2), (alpha, h))


def test_mixture_of_layers_is_their_weighted_sum():
    beta, states = random(3), [random(4, 2, 6, seed=seed) for seed in range(3)]
    expected = sum(float(weight) * state for weight, state in zip(beta, states, strict=True))
    torch.testing.assert_close(mix_layers(beta, states), expected, rtol=0, atol=1e-14)


def test_mixture_of_layers_wants_one_weight_per_state():
    with pytest.raises(ValueError, match="zip"):
        mix_layers(random(3), [random(4, 2, 6)] * 2)
