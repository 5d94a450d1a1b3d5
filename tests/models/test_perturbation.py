import pytest
import torch

from hf_sluice.models.perturbation import Perturbation

X = torch.linspace(-1, 1, 40_000).view(100, 400)


def test_nothing_happens_outside_of_training():
    assert Perturbation(0.5, 0.5).eval()(X) is X


def test_nothing_happens_where_nothing_is_asked_for():
    assert torch.equal(Perturbation(0.0, 0.0).train()(X), X)


def test_noise_has_the_given_deviation_and_no_bias():
    torch.manual_seed(0)
    noise = Perturbation(0.2, 0.0).train()(X) - X
    assert noise.std().item() == pytest.approx(0.2, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.005)


def test_dropout_zeroes_the_given_share_and_scales_the_rest():
    torch.manual_seed(0)
    dropped = Perturbation(0.0, 0.25).train()(X)
    kept = dropped != 0
    assert 1 - kept.float().mean().item() == pytest.approx(0.25, abs=0.01)
    torch.testing.assert_close(dropped[kept], X[kept] / 0.75)


def test_noise_falls_on_dropped_units_too():
    torch.manual_seed(0)
    assert (Perturbation(0.2, 0.5).train()(X) != 0).all()


def test_gradients_pass_as_they_are_through_noise():
    x = X.clone().requires_grad_()
    Perturbation(0.2, 0.0).train()(x).sum().backward()
    assert (x.grad == 1).all()


def test_the_seed_settles_the_noise():
    perturbation = Perturbation(0.2, 0.1).train()
    drawn = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        drawn.append(perturbation(X))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
