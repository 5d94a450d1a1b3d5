from contextlib import contextmanager

import pytest
import torch
from torch import nn

from hf_sluice.models import character_encoders
from hf_sluice.models.character_encoders import CharacterConvolution, CharacterLstm

CHARS = 9
# Every length up to one past each bound of the length groups, the longest far beyond the last of them.
LENGTHS = [7, 1, 33, 4, 5, 9, 60, 2, 6, 11, 12, 16, 17, 32, 8, 3]


KINDS = {"lstm": lambda: CharacterLstm(CHARS, 4, 3), "convolution": lambda: CharacterConvolution(CHARS, 4, 5, 3)}


def random_encoder(kind="lstm"):
    torch.manual_seed(0)
    encoder = KINDS[kind]().double()
    for name, parameter in encoder.named_parameters():
        nn.init.normal_(parameter)
        if name == "embedding.weight":
            nn.init.zeros_(parameter[0])
    return encoder


def forms(lengths=tuple(LENGTHS)):
    steps = torch.arange(max(lengths))
    drawn = torch.randint(1, CHARS, (len(lengths), len(steps)), generator=torch.Generator().manual_seed(1))
    return drawn * (steps < torch.tensor(lengths)[:, None])


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_alone_is_encoded_as_in_company(kind):
    encoder, char_ids = random_encoder(kind), forms()
    together = encoder(char_ids)
    for row, length in enumerate(LENGTHS):
        alone = encoder(char_ids[row : row + 1, :length])
        torch.testing.assert_close(together[row : row + 1], alone, rtol=0, atol=1e-13)


@pytest.fixture
def one_group(monkeypatch):
    """Encodes within the block as if all forms were of similar length."""

    @contextmanager
    def ungrouped():
        with monkeypatch.context() as patch:
            patch.setattr(character_encoders, "_LENGTH_STEPS", ())
            yield

    return ungrouped


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [LENGTHS, LENGTHS[::-1], [5] * 6, [1], [40, 1]])
def test_grouping_by_length_changes_nothing(one_group, kind, lengths):
    encoder, char_ids = random_encoder(kind), forms(lengths)
    with one_group():
        expected = encoder(char_ids)
    torch.testing.assert_close(encoder(char_ids), expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_those_of_one_padded_batch(one_group, kind):
    grouped, whole, char_ids = random_encoder(kind), random_encoder(kind), forms()
    encoded = grouped(char_ids)
    weights = torch.randn(encoded.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    (encoded * weights).sum().backward()
    with one_group():
        (whole(char_ids) * weights).sum().backward()
    for got, expected in zip(grouped.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(got.grad, expected.grad, rtol=0, atol=1e-11)


def test_an_encoding_is_the_final_states_of_both_directions():
    encoder = random_encoder()
    (form,) = forms([7])
    states = nn.LSTM(4, 3, bidirectional=True).double()
    with torch.no_grad():
        for direction, suffix in enumerate(("", "_reverse")):
            getattr(states, f"weight_ih_l0{suffix}").copy_(encoder.lstm.weight_ih[0, direction])
            getattr(states, f"weight_hh_l0{suffix}").copy_(encoder.lstm.weight_hh[0, direction])
            getattr(states, f"bias_ih_l0{suffix}").copy_(encoder.lstm.bias[0, direction])
            getattr(states, f"bias_hh_l0{suffix}").zero_()
    _, (last, _) = states(encoder.embedding(form))
    torch.testing.assert_close(encoder(form[None])[0, 0], last.flatten(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_more_padding_changes_nothing(kind):
    encoder, char_ids = random_encoder(kind), forms()
    wider = nn.functional.pad(char_ids, (0, 5))
    torch.testing.assert_close(encoder(wider), encoder(char_ids), rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_without_characters_is_encoded_as_one_padding_character(kind):
    encoder = random_encoder(kind)
    encoded = encoder(torch.tensor([[0, 0], [3, 4]]))
    torch.testing.assert_close(encoded[:1], encoder(torch.tensor([[0]])), rtol=0, atol=1e-13)
    torch.testing.assert_close(encoded[1:], encoder(torch.tensor([[3, 4]])), rtol=0, atol=1e-13)


def random_masks(encoder, names, number=3):
    generator = torch.Generator().manual_seed(5)
    return [
        {name: torch.rand(encoder.get_parameter(name).shape, generator=generator) < 0.5 for name in names}
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("kind", "names"),
    [("lstm", ["lstm.weight_ih", "lstm.weight_hh"]), ("lstm", ["lstm.weight_hh"]), ("convolution", ["weight"])],
)
def test_several_masks_at_once_are_each_of_them_folded_into_the_weights(kind, names):
    encoder, char_ids = random_encoder(kind), forms()
    masks = [*random_masks(encoder, names), {}]
    together = encoder(char_ids, masks)
    for number, mask in enumerate(masks):
        folded = random_encoder(kind)
        with torch.no_grad():
            for name, kept in mask.items():
                folded.get_parameter(name).mul_(kept)
        torch.testing.assert_close(together[:, number : number + 1], folded(char_ids), rtol=0, atol=1e-13)


def test_a_convolution_is_the_largest_response_of_each_filter():
    encoder = random_encoder("convolution")
    (form,) = forms([4])
    embedded = nn.functional.pad(encoder.embedding(form), (0, 0, 1, 1))  # a character of zeros on both sides
    responses = [(encoder.weight * embedded[start : start + 3].t()).sum((1, 2)) + encoder.bias for start in range(4)]
    expected = torch.stack(responses).amax(0)
    torch.testing.assert_close(encoder(form[None])[0, 0], expected, rtol=0, atol=1e-13)
