"""What ``save_pretrained`` and ``from_pretrained`` may lose of a model with masks, each loss a test."""

import copy

import pytest
import torch
from transformers import AutoConfig, AutoModel, AutoModelForTokenClassification

from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification, SparseSharingModel
from hf_sluice.models.registration import register_configurations, register_models
from tests.models.test_saving import (
    WITHOUT_THE_PACKAGE,
    assert_same_logits,
    assert_same_state,
    assert_what_is_missing_is_named,
    logits_of_another_process,
    one_thread,  # noqa: F401 - a fixture
)
from tests.models.tiny_sluice import tiny_batch
from tests.models.tiny_sparse_sharing import tiny_sparse_model

KINDS = [
    {"char_encoder": kind, "decoder": decoder}
    for kind in ("cnn", "bilstm", "none")
    for decoder in ("mlp", "linear_crf")
]


def trained(**values):
    """A model whose every parameter and mask is far from its initial value."""
    return tiny_sparse_model(2, seed=11, dtype=torch.float32, **values)


@pytest.mark.parametrize("values", KINDS, ids=[" ".join(kind.values()) for kind in KINDS])
def test_every_parameter_and_mask_comes_back_bit_for_bit(tmp_path, values):
    model = trained(**values)
    model.save_pretrained(tmp_path)
    loaded, report = SparseSharingForTokenClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert_same_state(loaded, model)
    assert not any(report.values())
    batch = tiny_batch()
    logits = loaded(**batch).logits
    assert all(torch.equal(logits[name], value) for name, value in model(**batch).logits.items())


def test_what_is_missing_gets_its_initial_value_and_is_named(tmp_path):
    assert_what_is_missing_is_named(trained(), tmp_path)


def test_models_can_be_built_without_memory():
    config = trained().config
    with torch.device("meta"):
        model = SparseSharingForTokenClassification(config)
    assert {value.device.type for value in model.state_dict().values()} == {"meta"}


def test_the_base_network_loads_from_a_tagger_with_its_masks(tmp_path):
    model, batch = trained(), tiny_batch()
    model.save_pretrained(tmp_path)
    base, report = SparseSharingModel.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"]
    assert_same_state(base, model.sparse_sharing)
    expected = model.sparse_sharing(**batch).last_hidden_state
    assert torch.equal(base(**batch).last_hidden_state, expected)


def test_the_auto_classes_load_the_models(tmp_path):
    register_configurations()
    register_models()
    model = trained()
    model.save_pretrained(tmp_path)
    assert type(AutoConfig.from_pretrained(tmp_path)) is SparseSharingConfig
    tagger, base = (auto.from_pretrained(tmp_path) for auto in (AutoModelForTokenClassification, AutoModel))
    assert (type(tagger), type(base)) == (SparseSharingForTokenClassification, SparseSharingModel)
    assert_same_state(tagger, model)


def test_a_copy_is_equal_and_its_masks_are_its_own():
    model, batch = trained(), tiny_batch()
    logits = model(**batch).logits
    copied = copy.deepcopy(model)
    assert_same_state(copied, model)
    everything = {name: torch.ones_like(mask) for name, mask in model.masks["task0"].items()}
    copied.set_masks({"task0": everything})
    assert not torch.equal(copied(**batch).logits["task0"], logits["task0"])
    assert all(torch.equal(value, logits[name]) for name, value in model(**batch).logits.items())


@pytest.mark.usefixtures("one_thread")
def test_a_process_without_the_package_computes_the_same_bits(tmp_path, monkeypatch):
    for each in (SparseSharingConfig, SparseSharingForTokenClassification):
        monkeypatch.setattr(each, "_auto_class", each._auto_class)  # undone afterwards
    SparseSharingConfig.register_for_auto_class()
    SparseSharingForTokenClassification.register_for_auto_class("AutoModelForTokenClassification")
    features = {"word_features": ["norm", "shape"], "feature_rows": 20}  # whose keys are what the batch begins with
    model, folder = trained(decoder="linear_crf", char_encoder="bilstm", **features), tmp_path / "model"
    model.save_pretrained(folder)
    assert {path.suffix for path in folder.iterdir()} == {".json", ".safetensors", ".py"}
    got, batch = logits_of_another_process(folder, tmp_path, WITHOUT_THE_PACKAGE, {})
    assert_same_logits(model, got, batch)
