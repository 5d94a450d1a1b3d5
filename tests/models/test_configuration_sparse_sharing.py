import json

import pytest

from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.configuration_tagger import CHARACTER_ENCODERS
from hf_sluice.models.maskable_parameters import maskable_parameters
from tests.models.tiny_sparse_sharing import tiny_sparse_config

FIELDS = ("tasks", "vocab_size", "char_vocab_size", *SparseSharingConfig.recipe_fields())
ALL_OF_THEM = "words.characters.weight, layers.0.weight_ih, layers.0.weight_hh, layers.1.weight_ih, layers.1.weight_hh"


def test_the_defaults_are_those_of_the_paper():
    config = SparseSharingConfig()
    assert (config.word_embedding_size, config.char_encoder, config.char_filters, config.char_filter_width) == (
        100, "cnn", 30, 3,
    )  # fmt: skip
    assert (config.hidden_size, config.num_layers, config.decoder, config.dropout) == (200, 1, "linear", 0.5)
    assert config.masked_parameters == ["words.characters.weight", "layers.0.weight_ih", "layers.0.weight_hh"]


def test_a_recipe_may_set_all_but_what_follows_from_its_data():
    assert "masked_parameters" in FIELDS
    assert len(set(FIELDS)) == len(FIELDS)
    assert not {"sharing", "num_subspaces", "architecture_fields"} & set(FIELDS)


@pytest.mark.parametrize(
    ("masked", "message"),
    [
        (["layers.0.bias"], f"masked_parameters: 'layers.0.bias' cannot be masked; choose of {ALL_OF_THEM}"),
        (["layers.2.weight_ih"], f"masked_parameters: 'layers.2.weight_ih' cannot be masked; choose of {ALL_OF_THEM}"),
        ([["a list"]], f"masked_parameters: ['a list'] cannot be masked; choose of {ALL_OF_THEM}"),
        ([3], f"masked_parameters: 3 cannot be masked; choose of {ALL_OF_THEM}"),
        ([], "masked_parameters should be a list of names, not []"),
        ("layers.0.weight_ih", "masked_parameters should be a list of names, not 'layers.0.weight_ih'"),
        (["layers.0.weight_ih"] * 2, "masked_parameters: a name stands twice"),
    ],
)  # fmt: skip
def test_a_wrong_list_of_parameters_is_named(masked, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        tiny_sparse_config(masked_parameters=masked)
    assert str(caught.value) == message


@pytest.mark.parametrize("char_encoder", ["none", "bilstm"])
def test_there_is_no_convolution_to_mask_without_one(char_encoder):
    with pytest.raises(ValueError, match=r"'words.characters.weight' cannot be masked; choose of "):
        tiny_sparse_config(char_encoder=char_encoder, masked_parameters=["words.characters.weight"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"char_encoder": "lstm"}, "char_encoder 'lstm' is none of bilstm, cnn, none"),
        ({"char_filter_width": 4}, "char_filter_width should be odd, not 4"),
        ({"char_filters": 0}, "char_filters should be a whole number of at least 1, not 0"),
        ({"num_layers": 1.5}, "num_layers should be a whole number of at least 1, not 1.5"),
        ({"dropout": 1.0}, "dropout should be below 1, not 1.0"),
        ({"tasks": ["pos"]}, "tasks: each should be a dict with a name, not 'pos'"),
    ],
)
def test_a_field_of_all_taggers_that_is_wrong_is_named(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        tiny_sparse_config(**values)
    assert str(caught.value) == message


@pytest.mark.parametrize("char_encoder", CHARACTER_ENCODERS)
@pytest.mark.parametrize("chosen", [None, slice(1, None), slice(0, 1)])
def test_every_field_is_read_back(tmp_path, char_encoder, chosen):
    config = tiny_sparse_config(3, char_encoder=char_encoder, num_layers=3)
    if chosen is not None:
        masked = list(maskable_parameters(config))[chosen]
        config = tiny_sparse_config(3, char_encoder=char_encoder, num_layers=3, masked_parameters=masked)
    config.save_pretrained(tmp_path)
    loaded = SparseSharingConfig.from_pretrained(tmp_path)
    for name in FIELDS:
        assert getattr(loaded, name) == getattr(config, name), name
    assert loaded.masked_shapes() == config.masked_shapes()
    assert list(loaded.masked_shapes()) == config.masked_parameters
    assert loaded.id2label == config.id2label
    written = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert written["model_type"] == "sparse_sharing"
    assert "architecture_fields" not in written


def test_a_configuration_without_tasks_can_be_made():
    """As transformers does to find out what differs from the defaults."""
    assert SparseSharingConfig().tasks == []
