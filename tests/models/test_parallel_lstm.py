import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from hf_sluice.models.time_reversal import TimeReversal

LENGTHS = [(6, 6, 6), (6, 3, 1), (1, 4, 2, 6), (1, 1), (1,)]
WIDTH, HIDDEN, NETWORKS = 3, 4, 3


def random_layer(num_networks=NETWORKS, seed=0):
    torch.manual_seed(seed)
    layer = ParallelBiLSTM(num_networks, WIDTH, HIDDEN).double()
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    return layer


def stock_lstm(layer, network):
    """The same weights in torch's own module."""
    lstm = nn.LSTM(WIDTH, HIDDEN, bidirectional=True).double()
    with torch.no_grad():
        for direction, suffix in enumerate(("", "_reverse")):
            getattr(lstm, f"weight_ih_l0{suffix}").copy_(layer.weight_ih[network, direction])
            getattr(lstm, f"weight_hh_l0{suffix}").copy_(layer.weight_hh[network, direction])
            getattr(lstm, f"bias_ih_l0{suffix}").copy_(layer.bias[network, direction])
            getattr(lstm, f"bias_hh_l0{suffix}").zero_()
    return lstm


def packed_states(lstm, x_TBD, lengths):
    packed, _ = lstm(pack_padded_sequence(x_TBD, lengths, enforce_sorted=False))
    return pad_packed_sequence(packed, total_length=len(x_TBD))[0]


def words(lengths):
    """(T, B), true where there is a word."""
    return torch.arange(max(lengths))[:, None] < torch.tensor(lengths)


def random_input(num_inputs, lengths):
    shape = (num_inputs, max(lengths), len(lengths), WIDTH)
    return torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("own_input", [False, True])
@pytest.mark.parametrize("networks", [None, (0, 1, 2), (2,), (2, 0)])
def test_equivalence_to_packed_lstms(lengths, own_input, networks):
    layer = random_layer()
    chosen = range(NETWORKS) if networks is None else networks
    ours = random_input(len(chosen) if own_input else 1, lengths).requires_grad_()
    theirs = ours.detach().clone().requires_grad_()
    stocks = [stock_lstm(layer, network) for network in chosen]

    states = torch.stack(layer(ours, TimeReversal(torch.tensor(lengths), max(lengths)), networks))
    expected = torch.stack(
        [packed_states(lstm, theirs[i if own_input else 0], lengths) for i, lstm in enumerate(stocks)]
    )
    at_words = words(lengths)
    torch.testing.assert_close(states[:, at_words], expected[:, at_words], rtol=0, atol=1e-13)

    weights = torch.randn(states[:, at_words].shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    (states[:, at_words] * weights).sum().backward()
    (expected[:, at_words] * weights).sum().backward()
    torch.testing.assert_close(ours.grad, theirs.grad, rtol=0, atol=1e-12)
    for network, lstm in zip(chosen, stocks, strict=True):
        for direction, suffix in enumerate(("", "_reverse")):
            for name, stock in (("weight_ih", "weight_ih"), ("weight_hh", "weight_hh"), ("bias", "bias_ih")):
                got = getattr(layer, name).grad[network, direction]
                torch.testing.assert_close(got, getattr(lstm, f"{stock}_l0{suffix}").grad, rtol=0, atol=1e-12)


def test_networks_left_out_get_no_gradient():
    layer, lengths = random_layer(), (3, 2)
    states = layer(random_input(1, lengths), TimeReversal(torch.tensor(lengths), 3), (2, 0))
    torch.stack(states).sum().backward()
    for parameter in layer.parameters():
        assert not parameter.grad[1].any()
        assert parameter.grad[0].any()
        assert parameter.grad[2].any()


@pytest.mark.parametrize("names", [("weight_ih", "weight_hh"), ("weight_hh",), ("weight_ih", "bias")])
def test_a_mask_is_folded_into_the_weights(names):
    layer, folded, lengths = random_layer(1), random_layer(1), (4, 2)
    generator = torch.Generator().manual_seed(3)
    masks = {name: torch.rand(layer.get_parameter(name).shape, generator=generator) < 0.5 for name in names}
    with torch.no_grad():
        for name, mask in masks.items():
            folded.get_parameter(name).mul_(mask)
    x, reversal = random_input(1, lengths), TimeReversal(torch.tensor(lengths), 4)
    (states,), (expected,) = layer(x, reversal, masks=masks), folded(x, reversal)
    assert torch.equal(states, expected)
    states.square().sum().backward()
    expected.square().sum().backward()
    for name, parameter in layer.named_parameters():
        kept = masks.get(name, torch.ones_like(parameter))
        assert torch.equal(parameter.grad, folded.get_parameter(name).grad * kept), name


def test_padding_is_never_read():
    layer, lengths = random_layer(), (5, 2, 1)
    x, at_words = random_input(1, lengths), words(lengths)
    spoilt = x.masked_fill(~at_words[..., None], 1e6)
    reversal = TimeReversal(torch.tensor(lengths), 5)
    for states, others in zip(layer(x, reversal), layer(spoilt, reversal), strict=True):
        assert torch.equal(states[at_words], others[at_words])


def test_single_precision_kernels_agree_with_double_precision():
    layer, lengths = random_layer(), (6, 3, 1)
    x, at_words = random_input(1, lengths), words(lengths)
    reversal = TimeReversal(torch.tensor(lengths), 6)
    expected = torch.stack(layer(x, reversal))[:, at_words]
    layer, x = layer.float(), x.float()
    with_gradients = torch.stack(layer(x, reversal))[:, at_words]
    with torch.no_grad():
        without = torch.stack(layer(x, reversal))[:, at_words]
    torch.testing.assert_close(with_gradients.double(), expected, rtol=0, atol=1e-5)
    torch.testing.assert_close(without.double(), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("lengths", [*LENGTHS, (0, 3)])
def test_reversal_mirrors_each_sentence_and_leaves_padding(lengths):
    steps = max(lengths) + 2
    x = torch.arange(steps * len(lengths) * 3.0).view(steps, len(lengths), 3)
    reversal = TimeReversal(torch.tensor(lengths), steps)
    reversed_x = reversal(x)
    for row, length in enumerate(lengths):
        assert torch.equal(reversed_x[:length, row], x[:length, row].flip(0))
        assert torch.equal(reversed_x[length:, row], x[length:, row])
    assert torch.equal(reversal(reversed_x), x)


def test_gradient_of_the_reversal():
    lengths = (4, 1, 3)
    x = random_input(1, lengths)[0].requires_grad_()
    reversal = TimeReversal(torch.tensor(lengths), 4)
    assert torch.autograd.gradcheck(reversal, (x,))
