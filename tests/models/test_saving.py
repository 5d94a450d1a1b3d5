"""What ``save_pretrained`` and ``from_pretrained`` may lose without a word, each loss a test."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModel, AutoModelForTokenClassification

from hf_sluice.models.configuration_sluice import SluiceConfig
from hf_sluice.models.modeling_sluice import SluiceForTokenClassification, SluiceModel
from hf_sluice.models.registration import register_configurations, register_models
from tests.models.tiny_sluice import (
    connections_of,
    presets_of_tasks,
    randomise,
    tiny_batch,
    tiny_config,
    tiny_labels,
    tiny_model,
)

PACKAGE_ROOT = Path(__file__).parents[2]

# Loads the folder named first, runs the inputs in the file named second and writes the logits to the file named third.
IN_ANOTHER_PROCESS = """
import sys
import torch
from safetensors.torch import load_file, save_file
folder, inputs, outputs = sys.argv[1:]
torch.set_num_threads(1)
{load}
assert not model.training
with torch.no_grad():
    logits = model(**load_file(inputs)).logits
save_file({{name: value.contiguous() for name, value in logits.items()}}, outputs)
"""
WITH_THE_PACKAGE = """
from hf_sluice import SluiceForTokenClassification
model = SluiceForTokenClassification.from_pretrained(folder)
"""
WITHOUT_THE_PACKAGE = """
sys.modules["hf_sluice"] = None  # importing it fails
from transformers import AutoModelForTokenClassification
model = AutoModelForTokenClassification.from_pretrained(folder, trust_remote_code=True)
"""


def trained(num_tasks=2, dtype=torch.float32, **values):
    """A model whose every parameter, α and β among them, is far from its initial value."""
    return tiny_model(num_tasks, seed=11, dtype=dtype, **values)


def assert_same_state(model, other):
    ours, theirs = model.state_dict(), other.state_dict()
    assert list(ours) == list(theirs)
    for name, value in ours.items():
        assert value.dtype == theirs[name].dtype, name
        assert torch.equal(value, theirs[name]), name


ARCHITECTURES = [
    (sharing, tasks, connection) for sharing, tasks in presets_of_tasks(1, 3) for connection in connections_of(sharing)
]


def without_key(folder, key):
    weights = load_file(folder / "model.safetensors")
    del weights[key]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize(("sharing", "tasks", "connection"), ARCHITECTURES)
def test_every_parameter_and_buffer_comes_back_bit_for_bit(tmp_path, sharing, tasks, connection):
    model = trained(tasks, sharing=sharing, layer_connection=connection)
    model.save_pretrained(tmp_path)
    loaded, report = SluiceForTokenClassification.from_pretrained(tmp_path, output_loading_info=True)
    assert_same_state(loaded, model)
    assert not any(report.values())
    batch = tiny_batch()
    logits = loaded(**batch).logits
    for name, value in model(**batch).logits.items():
        assert torch.equal(logits[name], value)


def test_trained_alpha_and_beta_are_read_back(tmp_path):
    model = trained(3, num_layers=2)
    model.save_pretrained(tmp_path)
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    fresh = SluiceForTokenClassification(model.config)
    for weights in ("alpha_weights", "beta_weights"):
        ours, theirs = getattr(model.sluice, weights), getattr(loaded.sluice, weights)
        assert torch.equal(theirs(), ours())
        assert not torch.equal(theirs(), getattr(fresh.sluice, weights)())
        assert torch.equal(theirs.slots, ours.slots)
        assert torch.equal(theirs.fixed, ours.fixed)
    assert torch.equal(loaded.alpha, model.alpha)
    assert torch.equal(loaded.beta, model.beta)


def test_initial_values_are_never_written_over_loaded_ones(tmp_path):
    """Not even where part of a module is missing and the module is therefore initialised."""
    model = trained()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(0.3)
    model.save_pretrained(tmp_path)
    for missing in ("sluice.alpha_weights.slots", "sluice.beta_weights.fixed", "sluice.layers.1.bias",
                    "sluice.words.characters.lstm.weight_hh", "heads.1.dense.bias"):  # fmt: skip
        without_key(tmp_path, missing)
    loaded, report = SluiceForTokenClassification.from_pretrained(tmp_path, output_loading_info=True)
    initialised = {name for name, parameter in loaded.named_parameters() if (parameter != 0.3).any()}
    assert len(report["missing_keys"]) == 5
    assert initialised == {key for key in report["missing_keys"] if "slots" not in key and "fixed" not in key}
    assert torch.equal(loaded.sluice.alpha_weights.slots, model.sluice.alpha_weights.slots)
    assert torch.equal(loaded.sluice.beta_weights.fixed, model.sluice.beta_weights.fixed)


def assert_what_is_missing_is_named(model, folder):
    """Without any one tensor a saved model loads with that one's initial value, says so, and keeps all others."""
    complete = model.state_dict()
    one, other = (type(model)(model.config).state_dict() for _ in range(2))
    for key in complete:
        model.save_pretrained(folder)
        without_key(folder, key)
        loaded, report = type(model).from_pretrained(folder, output_loading_info=True)
        assert set(report["missing_keys"]) == {key}
        state = loaded.state_dict()
        if torch.equal(one[key], other[key]):
            assert torch.equal(state[key], one[key]), key
        else:
            assert 0.3 < state[key].abs().mean() / one[key].abs().mean() < 3, key
        for name in complete.keys() - {key}:
            assert torch.equal(state[name], complete[name]), (key, name)


def test_what_is_missing_gets_its_initial_value_and_is_named(tmp_path):
    assert_what_is_missing_is_named(trained(2, alpha_init=torch.linspace(-1, 1, 48).view(3, 4, 4).tolist()), tmp_path)


@pytest.mark.parametrize("weights", ["alpha_weights", "beta_weights"])
def test_missing_mixing_weights_get_the_configured_values(tmp_path, weights):
    model = trained(2, alpha_init="identity", beta_init=[0.2, 0.3, 0.5])
    model.save_pretrained(tmp_path)
    without_key(tmp_path, f"sluice.{weights}.free")
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    expected = getattr(SluiceForTokenClassification(model.config).sluice, weights)()
    assert torch.equal(getattr(loaded.sluice, weights)(), expected)


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 3))
def test_models_can_be_built_without_memory(sharing, tasks):
    config = tiny_config(tasks, sharing=sharing)
    with torch.device("meta"):
        model = SluiceForTokenClassification(config)
    assert {value.device.type for value in model.state_dict().values()} == {"meta"}
    expected = SluiceForTokenClassification(config).state_dict()
    assert {n: v.shape for n, v in model.state_dict().items()} == {n: v.shape for n, v in expected.items()}


def test_a_folder_holds_no_pickle(tmp_path):
    trained().save_pretrained(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["architecture.json", "config.json", "model.safetensors"]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_other_number_formats_come_back_as_they_were(tmp_path, dtype):
    model = trained(dtype=dtype)
    model.save_pretrained(tmp_path)
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    assert_same_state(loaded, model)
    assert {parameter.dtype for parameter in loaded.parameters()} == {dtype}
    assert loaded.sluice.alpha_weights.slots.dtype == torch.int64


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_the_number_format_can_be_chosen_at_loading(tmp_path, dtype):
    model = trained()
    model.save_pretrained(tmp_path)
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path, dtype=dtype)
    assert_same_state(loaded, copy.deepcopy(model).to(dtype))
    assert loaded(**tiny_batch()).logits["task0"].dtype == dtype


def test_the_networks_alone_load_from_a_tagger_and_the_tagger_from_them(tmp_path):
    model, batch = trained(), tiny_batch()
    model.save_pretrained(tmp_path / "tagger")
    base, report = SluiceModel.from_pretrained(tmp_path / "tagger", output_loading_info=True)
    assert not report["missing_keys"]
    assert_same_state(base, model.sluice)
    assert torch.equal(base(**batch).last_hidden_state, model.sluice(**batch).last_hidden_state)

    base.save_pretrained(tmp_path / "base")
    tagger, report = SluiceForTokenClassification.from_pretrained(tmp_path / "base", output_loading_info=True)
    assert_same_state(tagger.sluice, model.sluice)
    assert set(report["missing_keys"]) == {name for name in model.state_dict() if name.startswith("heads")}


def test_a_model_that_was_trained_goes_on_from_where_it_was(tmp_path):
    model = SluiceForTokenClassification(tiny_config(2, noise=0.1)).train()
    batch = tiny_batch()
    labels = tiny_labels(model.config, batch)
    start = model.alpha.detach().clone()

    def step(each):
        torch.manual_seed(3)
        optimizer = torch.optim.SGD(each.parameters(), lr=0.1)
        each.train()(**batch, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()

    for _ in range(3):
        step(model)
    assert not torch.equal(model.alpha, start)
    model.save_pretrained(tmp_path)
    loaded = SluiceForTokenClassification.from_pretrained(tmp_path)
    assert_same_state(loaded, model)
    assert all(parameter.requires_grad for parameter in loaded.parameters())
    step(model)
    step(loaded)
    assert_same_state(loaded, model)


def test_a_copy_is_equal_and_independent():
    model, batch = trained(), tiny_batch()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    logits = model(**batch).logits
    copied = copy.deepcopy(model)
    assert_same_state(copied, model)
    assert all(torch.equal(value, logits[name]) for name, value in copied(**batch).logits.items())
    randomise(copied, 1)
    copied(**batch, tasks=["task0"])
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert len(model.sluice._plans) == 1


def test_the_auto_classes_load_the_models(tmp_path):
    register_configurations()
    register_models()
    model = trained()
    model.save_pretrained(tmp_path)
    assert type(AutoConfig.from_pretrained(tmp_path)) is SluiceConfig
    tagger, base = (auto.from_pretrained(tmp_path) for auto in (AutoModelForTokenClassification, AutoModel))
    assert (type(tagger), type(base)) == (SluiceForTokenClassification, SluiceModel)
    assert_same_state(tagger, model)
    assert_same_state(base, model.sluice)


def logits_of_another_process(folder, work, load, environment):
    batch = tiny_batch()
    save_file(batch, work / "inputs.safetensors")
    command = [sys.executable, "-c", IN_ANOTHER_PROCESS.format(load=load), folder, work / "inputs.safetensors",
               work / "logits.safetensors"]  # fmt: skip
    offline = {"HF_HOME": str(work / "hf_home"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, env=kept | offline | environment, cwd=work, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return load_file(work / "logits.safetensors"), batch


def assert_same_logits(model, got, batch):
    with torch.no_grad():
        expected = model(**batch).logits
    assert set(got) == set(expected)
    assert all(torch.equal(value, got[name]) for name, value in expected.items())


@pytest.fixture
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
def test_a_new_process_computes_the_same_bits(tmp_path):
    model, folder = trained(), tmp_path / "model"
    model.save_pretrained(folder)
    environment = {"PYTHONPATH": str(PACKAGE_ROOT)}
    got, batch = logits_of_another_process(folder, tmp_path, WITH_THE_PACKAGE, environment)
    assert_same_logits(model, got, batch)
