from __future__ import annotations

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from hf_sluice.errors import ModelFolderError
from hf_sluice.prediction.model_folder import find_model, load_tagger, recipe_of_run
from tests.prediction.tiny_tagger import tiny_tagger


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved") / "model"
    model, tokenizer = tiny_tagger()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder, model, tokenizer


@pytest.fixture
def copy(saved, tmp_path):
    """A model folder to damage."""
    return shutil.copytree(saved[0], tmp_path / "copy")


def test_a_model_folder_is_loaded_as_it_was_saved(saved):
    folder, model, tokenizer = saved
    loaded = load_tagger(str(folder))

    assert loaded.folder == folder
    assert not loaded.model.training
    assert loaded.tokenizer.vocabulary == tokenizer.vocabulary
    state = loaded.model.cpu().state_dict()
    assert state.keys() == model.state_dict().keys()
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())


def test_a_run_folder_stands_for_its_model(saved):
    assert find_model(str(saved[0].parent)) == saved[0]


def test_the_recipe_of_a_run_is_found_beside_its_model(copy, demo_run):
    assert recipe_of_run(find_model(str(demo_run))) == demo_run / "recipe.yaml"
    with pytest.raises(ModelFolderError, match="give --recipe"):
        recipe_of_run(copy)


def cut(size):
    def damage(folder):
        path = folder / "model.safetensors"
        path.write_bytes(path.read_bytes()[:size])

    return damage


def write(name, text):
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def remove(name):
    return lambda folder: (folder / name).unlink()


def configure(**values):
    def damage(folder):
        path = folder / "config.json"
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")

    return damage


def tell_features(folder):
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"word_features": ["norm", "shape"]}), encoding="utf-8")


def drop_weight(folder):
    weights = load_file(folder / "model.safetensors")
    del weights["sluice.alpha_weights.free"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def change_tokenizer(folder):
    path = folder / "vocabulary.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**values, "words": [*values["words"], "another"]}), encoding="utf-8")


DAMAGES = {
    "weights cut short": (cut(3000), "model.safetensors: damaged or cut short"),
    "weights cut in their last bytes": (cut(-4), "model.safetensors: damaged or cut short"),
    "weights empty": (cut(0), "model.safetensors: damaged or cut short"),
    "weights missing": (remove("model.safetensors"), "the file model.safetensors is missing"),
    "a weight missing": (drop_weight, "model.safetensors has missing keys: sluice.alpha_weights.free"),
    "other type": (configure(model_type="bert"), "holds a model of type 'bert'; sluice, sparse_sharing is expected"),
    "no type": (configure(model_type=None), "holds a model of type None"),
    "config no JSON": (write("config.json", "{"), "config.json: damaged, not JSON"),
    "config no object": (write("config.json", "[]"), "config.json: damaged; an object is expected, not list"),
    "config of impossible sizes": (configure(hidden_size=7), "hidden_size 7 cannot be cut"),
    "config of other sizes": (configure(hidden_size=16), "describe models of other sizes"),
    "config of wrong kind": (configure(tasks="pos"), "the model cannot be loaded"),
    "vocabulary missing": (remove("vocabulary.json"), "the file vocabulary.json is missing"),
    "vocabulary damaged": (write("vocabulary.json", "{"), "the tokenizer is damaged"),
    "tokenizer's configuration missing": (remove("tokenizer_config.json"), "tokenizer_config.json is missing"),
    "tokenizer's configuration damaged": (write("tokenizer_config.json", "{"), "the tokenizer is damaged"),
    "tokenizer of other features": (tell_features, "the tokenizer is another model's; it tells norm, shape of words,"),
    "tokenizer of another model": (change_tokenizer, "the tokenizer is another model's; its vocab_size is"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_folder_is_an_error_of_one_line_that_names_it(copy, name):
    damage, message = DAMAGES[name]
    damage(copy)
    with pytest.raises(ModelFolderError) as error:
        load_tagger(str(copy))

    assert message in str(error.value)
    assert str(error.value).startswith(str(copy))
    assert "\n" not in str(error.value)


def test_weights_are_never_unpickled(copy):
    torch.save(load_file(copy / "model.safetensors"), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    with pytest.raises(ModelFolderError, match=r"model\.safetensors is missing"):
        load_tagger(str(copy))


def test_what_is_not_there_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    (tmp_path / "empty").mkdir()
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "recipe.yaml").touch()
    (tmp_path / "file").touch()
    for name, message in {
        f"{tmp_path}/nosuch": "no such folder",
        f"{tmp_path}/empty": "holds no model",
        f"{tmp_path}/file": "holds no model",
        f"{tmp_path}/begun": "the run has not come to its end",
        "no-such-owner/no-such-model": "no such folder, and no model of this name on the Hub",
    }.items():
        with pytest.raises(ModelFolderError, match=f"^{name}: {message}") as error:
            find_model(name)
        assert "\n" not in str(error.value)
