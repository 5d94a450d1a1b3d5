import pytest
import torch
from torch import nn

from hf_sluice.models.configuration_tagger import TaggerConfig
from hf_sluice.models.word_encoder import WordEncoder

INPUTS = torch.tensor([[1, 5, 3], [2, 2, 0]])
CHAR_IDS = torch.tensor([[1, 4, 2, 0], [3, 0, 0, 0], [2, 2, 5, 6]])
CHAR_INDEX = torch.tensor([[2, 0, 2], [1, 1, 0]])


FEATURES = {"word_features": ["norm", "shape"], "feature_embedding_size": 3, "feature_rows": 13}
KEYS = torch.tensor([[7, 8], [9, 1], [2**31 - 2, 5]])


def random_encoder(char_encoder, **values):
    config = TaggerConfig(
        vocab_size=6, char_vocab_size=9, word_embedding_size=5, char_encoder=char_encoder, char_embedding_size=4,
        char_hidden_size=3, char_filters=7, **values,
    )  # fmt: skip
    torch.manual_seed(0)
    encoder = WordEncoder(config).double()
    for parameter in encoder.parameters():
        nn.init.normal_(parameter)
    return encoder


@pytest.mark.parametrize("char_encoder", ["bilstm", "cnn"])
def test_a_word_is_its_embedding_beside_its_form(char_encoder):
    encoder = random_encoder(char_encoder)
    (encoded,) = encoder(INPUTS, CHAR_IDS, CHAR_INDEX)
    assert encoded.shape == (3, 2, encoder.output_size)
    encoded_forms = encoder.characters(CHAR_IDS)[:, 0]
    for sentence in range(2):
        for step in range(3):
            word, form = INPUTS[sentence, step], CHAR_INDEX[sentence, step]
            expected = torch.cat((encoder.embedding.weight[word], encoded_forms[form]))
            torch.testing.assert_close(encoded[step, sentence], expected, rtol=0, atol=0)


def test_words_can_do_without_characters():
    encoder = random_encoder("none")
    (encoded,) = encoder(INPUTS, CHAR_IDS, CHAR_INDEX)
    torch.testing.assert_close(encoded, encoder.embedding(INPUTS.t()), rtol=0, atol=0)
    assert not any("characters" in name for name, _ in encoder.named_parameters())


def test_each_mask_gives_an_encoding_of_its_own():
    encoder = random_encoder("cnn")
    generator = torch.Generator().manual_seed(1)
    masks = [{"weight": torch.rand(7, 4, 3, generator=generator) < 0.5} for _ in range(2)]
    together = list(encoder(INPUTS, CHAR_IDS, CHAR_INDEX, masks))
    assert [encoded.shape for encoded in together] == [(3, 2, encoder.output_size)] * 2
    for encoded, mask in zip(together, masks, strict=True):
        (alone,) = encoder(INPUTS, CHAR_IDS, CHAR_INDEX, [mask])
        torch.testing.assert_close(encoded, alone, rtol=0, atol=1e-13)


@pytest.mark.parametrize("char_encoder", ["bilstm", "cnn", "none"])
def test_features_stand_between_the_word_and_its_characters(char_encoder):
    encoder = random_encoder(char_encoder, **FEATURES)
    (encoded,) = encoder(INPUTS, torch.cat((KEYS, CHAR_IDS), dim=1), CHAR_INDEX)
    without = random_encoder(char_encoder)
    without.load_state_dict({name: v for name, v in encoder.state_dict().items() if not name.startswith("features")})
    (expected,) = without(INPUTS, CHAR_IDS, CHAR_INDEX)
    features = encoder.features(KEYS)[CHAR_INDEX.t()]

    assert encoded.shape == (3, 2, encoder.output_size)
    assert torch.equal(encoded, torch.cat((expected[..., :5], features, expected[..., 5:]), dim=-1))


def test_features_are_the_same_for_all_networks():
    encoder = random_encoder("cnn", **FEATURES)
    masks = [{"weight": torch.rand(7, 4, 3) < 0.5} for _ in range(2)]
    first, second = encoder(INPUTS, torch.cat((KEYS, CHAR_IDS), dim=1), CHAR_INDEX, masks)
    assert torch.equal(first[..., :11], second[..., :11])
    assert not torch.equal(first[..., 11:], second[..., 11:])


@pytest.mark.parametrize("char_encoder", ["cnn", "none"])
def test_a_batch_without_words_has_features_too(char_encoder):
    encoder = random_encoder(char_encoder, **FEATURES)
    nothing = torch.zeros(1, 1, dtype=torch.int64)
    (encoded,) = encoder(nothing, nothing, nothing)
    assert encoded.shape == (1, 1, encoder.output_size)
