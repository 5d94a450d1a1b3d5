import pytest
import torch
from torch import nn

from hf_sluice.models.word_encoder import CharacterEncoder, WordEncoder

CHARS = 9
# Every length up to one past each bound of the length groups, the longest far beyond the last of them.
LENGTHS = [7, 1, 33, 4, 5, 9, 60, 2, 6, 11, 12, 16, 17, 32, 8, 3]


def random_encoder(dtype=torch.float64):
    torch.manual_seed(0)
    encoder = CharacterEncoder(CHARS, 4, 3).to(dtype)
    for parameter in encoder.parameters():
        nn.init.normal_(parameter)
    return encoder


def forms(lengths=tuple(LENGTHS)):
    steps = torch.arange(max(lengths))
    drawn = torch.randint(1, CHARS, (len(lengths), len(steps)), generator=torch.Generator().manual_seed(1))
    return drawn * (steps < torch.tensor(lengths)[:, None])


def test_a_form_alone_is_encoded_as_in_company():
    encoder, char_ids = random_encoder(), forms()
    together = encoder(char_ids)
    for row, length in enumerate(LENGTHS):
        alone = encoder(char_ids[row : row + 1, :length])
        torch.testing.assert_close(together[row : row + 1], alone, rtol=0, atol=1e-13)


@pytest.mark.parametrize("lengths", [LENGTHS, LENGTHS[::-1], [5] * 6, [1], [40, 1]])
def test_grouping_by_length_changes_nothing(lengths):
    encoder, char_ids = random_encoder(), forms(lengths)
    expected = encoder._encode(char_ids, torch.tensor(lengths))
    torch.testing.assert_close(encoder(char_ids), expected, rtol=0, atol=1e-13)


def test_gradients_are_those_of_one_padded_batch():
    grouped, whole, char_ids = random_encoder(), random_encoder(), forms()
    weights = torch.randn(len(LENGTHS), 6, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    (grouped(char_ids) * weights).sum().backward()
    (whole._encode(char_ids, torch.tensor(LENGTHS)) * weights).sum().backward()
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
    torch.testing.assert_close(encoder(form[None])[0], last.flatten(), rtol=0, atol=1e-13)


def test_more_padding_changes_nothing():
    encoder, char_ids = random_encoder(), forms()
    wider = nn.functional.pad(char_ids, (0, 5))
    torch.testing.assert_close(encoder(wider), encoder(char_ids), rtol=0, atol=1e-13)


def test_a_form_without_characters_is_encoded_as_one_padding_character():
    encoder = random_encoder()
    encoded = encoder(torch.tensor([[0, 0], [3, 4]]))
    torch.testing.assert_close(encoded[:1], encoder(torch.tensor([[0]])), rtol=0, atol=1e-13)
    torch.testing.assert_close(encoded[1:], encoder(torch.tensor([[3, 4]])), rtol=0, atol=1e-13)


def test_a_word_is_its_embedding_beside_its_form():
    encoder = WordEncoder(6, 5, random_encoder()).double()
    char_ids = forms([3, 2, 8])
    input_ids, char_index = torch.tensor([[1, 5, 3], [2, 2, 0]]), torch.tensor([[2, 0, 2], [1, 1, 0]])
    encoded = encoder(input_ids, char_ids, char_index)
    assert encoded.shape == (3, 2, encoder.output_size)
    encoded_forms = encoder.characters(char_ids)
    for sentence in range(2):
        for step in range(3):
            expected = torch.cat(
                (encoder.embedding.weight[input_ids[sentence, step]], encoded_forms[char_index[sentence, step]])
            )
            torch.testing.assert_close(encoded[step, sentence], expected, rtol=0, atol=0)
