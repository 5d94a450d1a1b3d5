import math

import pytest
import torch
from torch import nn

from hf_sluice.models.crf import LinearChainCrf
from hf_sluice.models.initialization_tagger import (
    initialise_crf,
    initialise_embedding,
    initialise_linear,
    initialise_parallel_lstm,
)
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification
from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from tests.models.tiny_sluice import tiny_config


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def assert_uniform(values, bound):
    assert values.abs().max() <= bound
    assert values.abs().max() > 0.95 * bound
    assert values.std().item() == pytest.approx(bound / math.sqrt(3), rel=0.05)
    assert values.mean().item() == pytest.approx(0, abs=0.05 * bound)


def test_embeddings_have_variance_one_over_their_width_and_a_zero_padding_row():
    embedding = nn.Embedding(200, 64, padding_idx=0)
    initialise_embedding(embedding)
    assert not embedding.weight[0].any()
    assert_uniform(embedding.weight[1:], math.sqrt(3 / 64))
    without_padding = nn.Embedding(3, 8)
    initialise_embedding(without_padding)
    assert without_padding.weight.any(1).all()


def test_linear_layers_are_glorot_uniform():
    linear = nn.Linear(100, 60)
    initialise_linear(linear)
    assert_uniform(linear.weight, math.sqrt(6 / 160))
    assert not linear.bias.any()


def test_recurrent_layers_are_initialised_gate_by_gate():
    networks, width, hidden = 2, 30, 20
    layer = ParallelBiLSTM(networks, width, hidden)
    initialise_parallel_lstm(layer)
    assert_uniform(layer.weight_ih, math.sqrt(6 / (hidden + width)))
    gates = layer.weight_hh.view(networks * 2 * 4, hidden, hidden)
    torch.testing.assert_close(gates @ gates.mT, torch.eye(hidden).expand_as(gates), rtol=0, atol=1e-5)
    bias = layer.bias.view(networks, 2, 4, hidden)
    assert (bias[:, :, 1] == 1).all()
    assert not bias[:, :, [0, 2, 3]].any()


def test_networks_and_directions_start_apart():
    layer = ParallelBiLSTM(2, 4, 3)
    initialise_parallel_lstm(layer)
    for weight in (layer.weight_ih, layer.weight_hh):
        rows = [row.flatten() for row in weight.flatten(0, 1)]
        assert not any(torch.equal(a, b) for i, a in enumerate(rows) for b in rows[:i])


def test_scores_of_transitions_start_at_zero_and_what_was_loaded_is_spared():
    crf = LinearChainCrf(3)
    for parameter in crf.parameters():
        nn.init.constant_(parameter, 0.3)
    crf.end._is_hf_initialized = True
    initialise_crf(crf)
    assert not crf.transitions.any()
    assert not crf.start.any()
    assert (crf.end == 0.3).all()


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_recurrent_layers_keep_their_type(dtype):
    layer = ParallelBiLSTM(1, 4, 3).to(dtype)
    initialise_parallel_lstm(layer)
    assert {parameter.dtype for parameter in layer.parameters()} == {dtype}
    assert all(torch.isfinite(parameter).all() for parameter in layer.parameters())


def test_what_was_loaded_is_spared():
    layer, embedding, linear = ParallelBiLSTM(1, 4, 3), nn.Embedding(5, 4, padding_idx=0), nn.Linear(3, 2)
    parameters = [*layer.parameters(), *embedding.parameters(), *linear.parameters()]
    for parameter in parameters:
        nn.init.constant_(parameter, 0.3)
        parameter._is_hf_initialized = True
    initialise_parallel_lstm(layer)
    initialise_embedding(embedding)
    initialise_linear(linear)
    assert all((parameter == torch.tensor(0.3)).all() for parameter in parameters)


def test_a_fresh_model_has_initial_values_everywhere_and_the_seed_settles_them():
    states = []
    for _ in range(2):
        torch.manual_seed(7)
        states.append(SluiceForTokenClassification(tiny_config(2)).state_dict())
    assert all(torch.equal(value, states[1][name]) for name, value in states[0].items())
    assert all(torch.isfinite(value).all() for value in states[0].values())
    for name, value in states[0].items():
        assert value.any() == (not (name.startswith("heads") and name.endswith("bias"))), name
