from __future__ import annotations

from typing import get_args

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training import optimization
from hf_sluice.training.optimization import learning_rate, make_optimizer
from hf_sluice.training.settings import OptimizerName, TrainingSettings
from tests.training.tiny_training import CHUNK, POS, corpus_of, new_model, new_tokenizer, sentence

UNDECAYED = {
    "sluice.words.embedding.weight", "sluice.words.characters.embedding.weight", "sluice.words.characters.lstm.bias",
    "sluice.layers.0.bias", "sluice.layers.1.bias", "sluice.alpha_weights.free", "sluice.beta_weights.free",
    "heads.0.dense.bias", "heads.0.output.bias", "heads.1.dense.bias", "heads.1.output.bias",
}  # fmt: skip


@pytest.fixture
def model():
    tokenizer = new_tokenizer(corpus_of([], train=[sentence("a b")]))
    return new_model(tokenizer, [POS, CHUNK])


def names_of(model, group):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return [names[id(parameter)] for parameter in group["params"]]


@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
def test_every_trained_parameter_is_in_one_group(model, optimizer):
    frozen = model.heads[0].dense.weight.requires_grad_(requires_grad=False)
    groups = make_optimizer(model.named_parameters(), TrainingSettings(optimizer=optimizer)).param_groups
    found = [id(parameter) for group in groups for parameter in group["params"]]

    assert sorted(found) == sorted(id(parameter) for parameter in model.parameters() if parameter is not frozen)


@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
def test_mixing_weights_biases_and_embeddings_are_not_decayed(model, optimizer):
    decayed, undecayed = make_optimizer(
        model.named_parameters(), TrainingSettings(optimizer=optimizer, weight_decay=0.25)
    ).param_groups

    assert (decayed["weight_decay"], undecayed["weight_decay"]) == (0.25, 0.0)
    assert set(names_of(model, undecayed)) == UNDECAYED
    assert {name.rsplit(".", 1)[1] for name in names_of(model, decayed)} == {"weight_ih", "weight_hh", "weight"}


def test_parameters_beside_the_model_are_a_group_that_is_not_decayed(model):
    beside = [torch.nn.Parameter(torch.zeros(()))]
    *_, last = make_optimizer(model.named_parameters(), TrainingSettings(weight_decay=0.25), beside).param_groups

    assert (last["params"], last["weight_decay"]) == (beside, 0.0)


def test_decay_alone_shrinks_what_is_decayed_only(model):
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    make_optimizer(model.named_parameters(), TrainingSettings(learning_rate=0.5, weight_decay=0.5)).step()

    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, before[name] * (1.0 if name in UNDECAYED else 0.75))


def test_the_settings_choose_the_optimizer(model):
    sgd = make_optimizer(model.named_parameters(), TrainingSettings(learning_rate=0.5, momentum=0.25))
    adamw = make_optimizer(model.named_parameters(), TrainingSettings(optimizer="adamw", learning_rate=0.125))

    assert isinstance(sgd, torch.optim.SGD)
    assert {(group["lr"], group["momentum"]) for group in sgd.param_groups} == {(0.5, 0.25)}
    assert isinstance(adamw, torch.optim.AdamW)
    assert {group["lr"] for group in adamw.param_groups} == {0.125}


def test_adadelta_is_that_of_its_paper():
    settings = TrainingSettings(optimizer="adadelta", learning_rate=1.0)
    weight = torch.nn.Parameter(torch.tensor([2.0, -1.0]))
    optimizer = make_optimizer([("weight", weight)], settings)
    expected, squares, moves = weight.detach().clone(), torch.zeros(2), torch.zeros(2)
    for gradient in (torch.tensor([0.5, 3.0]), torch.tensor([-0.25, 1.0]), torch.tensor([1.0, 0.0])):
        weight.grad = gradient.clone()
        optimizer.step()
        # Algorithm 1 of Zeiler 2012, with the ρ and ε of its section 4.1.
        squares = 0.95 * squares + 0.05 * gradient**2
        move = -((moves + 1e-6) / (squares + 1e-6)).sqrt() * gradient
        moves = 0.95 * moves + 0.05 * move**2
        expected += move
        torch.testing.assert_close(weight.detach(), expected)


@given(st.floats(1e-4, 1), st.floats(0, 2), st.integers(0, 50), st.integers(0, 10_000))
def test_the_rate_decays_with_the_epochs(rate, decay, epoch, step):
    settings = TrainingSettings(learning_rate=rate, learning_rate_decay=decay)

    assert learning_rate(settings, epoch, step) == rate / (1 + decay * epoch)


@given(st.integers(1, 20), st.integers(0, 40), st.integers(0, 3))
def test_the_rate_rises_by_equal_steps(warmup, step, epoch):
    settings = TrainingSettings(learning_rate=0.5, warmup_steps=warmup)
    full = learning_rate(TrainingSettings(learning_rate=0.5), epoch, step)

    assert learning_rate(settings, epoch, step) == pytest.approx(full * min(step + 1, warmup) / warmup)


def test_the_first_step_of_a_warm_up_moves_something():
    assert learning_rate(TrainingSettings(learning_rate=1.0, warmup_steps=4), 0, 0) == 0.25


@given(st.sampled_from(["linear", "cosine"]), st.integers(0, 20), st.integers(1, 60))
def test_a_schedule_ends_at_nothing_and_falls_from_the_warm_up_on(schedule, warmup, more):
    settings = TrainingSettings(learning_rate=0.5, learning_rate_schedule=schedule, warmup_steps=warmup)
    total = warmup + more
    rates = [learning_rate(settings, step // 7, step, total) for step in range(total + 1)]

    assert rates[:warmup] == pytest.approx([0.5 * (step + 1) / warmup for step in range(warmup)])
    assert rates[warmup] == 0.5
    assert sorted(rates[warmup:], reverse=True) == rates[warmup:]
    assert rates[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("schedule", "share"), [("linear", 0.75), ("cosine", 0.8535533906)])
def test_schedules_differ_in_their_shape(schedule, share):
    settings = TrainingSettings(learning_rate=2.0, learning_rate_schedule=schedule)

    assert learning_rate(settings, 0, 25, 100) == pytest.approx(2 * share)


@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_fused_kernels_move_parameters_as_the_others_do(monkeypatch, optimizer, momentum):
    """They are taken on a GPU; those of a CPU stand in for them."""
    settings = TrainingSettings(optimizer=optimizer, momentum=momentum, weight_decay=0.1, learning_rate=0.2)
    moved = {}
    for on_gpu in (False, True):
        monkeypatch.setattr(optimization, "_all_on_gpu", lambda _groups, answer=on_gpu: answer)
        weights = torch.nn.Parameter(torch.linspace(-1, 1, 7, dtype=torch.float64))
        used = make_optimizer([("weight", weights)], settings)
        for _ in range(3):
            weights.square().sum().backward()
            used.step()
            used.zero_grad()
        moved[on_gpu] = weights.detach()
        assert used.param_groups[0].get("fused") is (True if on_gpu and optimizer != "adadelta" else None)
    torch.testing.assert_close(moved[True], moved[False], rtol=1e-12, atol=0)


@pytest.mark.parametrize("optimizer", get_args(OptimizerName))
def test_a_cpu_keeps_its_kernels(model, optimizer):
    used = make_optimizer(model.named_parameters(), TrainingSettings(optimizer=optimizer))
    assert not any(group.get("fused") for group in used.param_groups)
