import pytest

from hf_sluice.models.configuration_tagger import CHARACTER_ENCODERS
from hf_sluice.models.maskable_parameters import layer_prefix, maskable_parameters, num_weights, stage_prefix
from hf_sluice.models.modeling_sparse_sharing import SparseSharingModel
from tests.models.tiny_sparse_sharing import tiny_sparse_config


@pytest.mark.parametrize("char_encoder", CHARACTER_ENCODERS)
@pytest.mark.parametrize("num_layers", [1, 2, 11])
def test_they_are_the_recurrent_and_the_convolution_weights_of_the_model(char_encoder, num_layers):
    config = tiny_sparse_config(char_encoder=char_encoder, num_layers=num_layers, hidden_size=4)
    parameters = {name: tuple(value.shape) for name, value in SparseSharingModel(config).named_parameters()}
    maskable = maskable_parameters(config)
    others = parameters.keys() - maskable.keys()
    assert maskable == {name: shape for name, shape in parameters.items() if name in maskable}
    assert all("embedding" in name or name.endswith("bias") for name in others)
    assert not any("embedding" in name or name.endswith("bias") for name in maskable)


def test_the_paper_counts_534_thousand_of_them():
    """Sun et al. 2020, Table 3, hard sharing: 534k with the biases, which are not masked."""
    config = tiny_sparse_config(word_embedding_size=100, char_embedding_size=30, char_filters=30, hidden_size=200,
                                num_layers=1)  # fmt: skip
    maskable = sum(num_weights(shape) for shape in maskable_parameters(config).values())
    assert maskable == 2 * 800 * (130 + 200) + 30 * 30 * 3 == 530_700


@pytest.mark.parametrize("layer", [0, 3, 10])
def test_stages_are_the_input_and_then_the_layers(layer):
    assert stage_prefix(0) == "words.characters."
    assert stage_prefix(layer + 1) == layer_prefix(layer) == f"layers.{layer}."
