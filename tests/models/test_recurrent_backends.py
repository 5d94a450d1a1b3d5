import pytest
import torch

from hf_sluice.models import recurrent_backends
from hf_sluice.models.configuration_tagger import RECURRENT_BACKENDS
from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from hf_sluice.models.recurrent_backends import backend_function, choose_backend, triton_obstacle
from tests.models.recurrence_cases import CASES, TOLERANCES, differences
from tests.models.test_number_formats import assert_close
from tests.models.tiny_sluice import tiny_batch, tiny_config, tiny_labels, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", TOLERANCES, ids=lambda dtype: str(dtype).removeprefix("torch."))
@pytest.mark.parametrize("backend", ["fused", "stacked"])
def test_outputs_and_gradients_are_those_of_the_equations(backend, dtype, name):
    found = differences(backend_function(backend), CASES[name], dtype)
    assert max(found.values()) < TOLERANCES[dtype], found


# (M, K, S, H) and the words of each sentence.
MODEL_CASES = {
    "one task, one layer, one word": (1, 1, 1, 1, (1,)),
    "odd units": (2, 2, 1, 7, (4, 2)),
    "one sentence": (2, 3, 2, 6, (5,)),
    "one word each": (3, 1, 2, 4, (1, 1, 1)),
    "three subspaces": (2, 2, 3, 6, (2, 4, 1)),
    "an empty sentence": (4, 3, 2, 2, (3, 0, 2)),
}
FORMATS = {  # of weights and of autocast
    "float64": (torch.float64, None),
    "float32": (torch.float32, None),
    "bfloat16": (torch.bfloat16, None),
    "float32, autocast to bfloat16": (torch.float32, torch.bfloat16),
}


def results_of(model, backend, lengths, autocast):
    for module in model.modules():
        if isinstance(module, ParallelBiLSTM):
            module.backend = backend
    batch = tiny_batch(lengths)
    with torch.autocast("cpu", dtype=autocast or torch.bfloat16, enabled=autocast is not None):
        output = model(**batch, labels=tiny_labels(model.config, batch))
    model.zero_grad()
    output.loss.backward()
    words = batch["attention_mask"].bool()
    logits = {task: logits[words].detach() for task, logits in output.logits.items()}
    return logits | {name: parameter.grad for name, parameter in model.named_parameters()}


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
@pytest.mark.parametrize("case", MODEL_CASES)
@pytest.mark.parametrize("number_format", FORMATS)
def test_models_are_the_same_on_every_backend(make, case, number_format):
    tasks, layers, subspaces, hidden, lengths = MODEL_CASES[case]
    weights, autocast = FORMATS[number_format]
    tolerance = TOLERANCES[autocast or weights]
    sharing = {"num_subspaces": subspaces} if make is tiny_model else {}
    model = make(tasks, dtype=weights, num_layers=layers, hidden_size=hidden, **sharing)
    fused, stacked = (results_of(model, backend, lengths, autocast) for backend in ("fused", "stacked"))
    exact = make(tasks, dtype=torch.float64, num_layers=layers, hidden_size=hidden, **sharing)
    exact.load_state_dict(model.state_dict())
    for name, value in results_of(exact, "stacked", lengths, None).items():
        for got in (fused[name], stacked[name]):
            assert (got.double() - value).abs().max() <= tolerance * max(value.abs().max(), 1e-30), name


def test_autocast_reaches_the_stacked_recurrence():
    model = tiny_model(2, dtype=torch.float32, recurrent_backend="stacked")
    seen = set()
    for module in model.modules():
        if isinstance(module, ParallelBiLSTM):
            module.register_forward_hook(lambda _, __, outputs: seen.add(outputs[0].dtype))
    expected = model(**tiny_batch()).logits
    seen.clear()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**tiny_batch()).logits
    assert seen == {torch.bfloat16}
    words = tiny_batch()["attention_mask"].bool()
    for task, value in expected.items():
        assert_close(logits[task][words].detach(), value[words].detach(), 0.03)


@pytest.mark.parametrize("make", [tiny_model, tiny_sparse_model])
def test_a_model_is_computed_as_its_configuration_says(make):
    model = make(1, recurrent_backend="stacked", char_encoder="bilstm")
    model(**tiny_batch())
    layers = [module for module in model.modules() if isinstance(module, ParallelBiLSTM)]
    assert {layer.used_backend for layer in layers} == {"stacked"}


def test_the_backend_is_not_saved(tmp_path):
    model = tiny_model(1, dtype=torch.float32, recurrent_backend="stacked")
    model.save_pretrained(tmp_path)
    assert "recurrent_backend" not in (tmp_path / "config.json").read_text()
    assert type(model).from_pretrained(tmp_path).config.recurrent_backend == "auto"
    asked = type(model).from_pretrained(tmp_path, recurrent_backend="fused")
    assert {layer.backend for layer in asked.sluice.layers} == {"fused"}


def test_a_wrong_backend_is_named():
    with pytest.raises(ValueError, match=r"^recurrent_backend 'cudnn' is none of auto, fused, stacked, triton$"):
        tiny_config(recurrent_backend="cudnn")


@pytest.mark.parametrize("name", ["fused", "stacked"])
@pytest.mark.parametrize("device", [CPU, GPU])
def test_what_runs_everywhere_is_taken_at_its_word(name, device):
    assert choose_backend(name, device, torch.float64, 1000) == name


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
def test_without_a_gpu_the_fused_kernels_are_taken(dtype):
    assert choose_backend("auto", CPU, dtype, 100) == "fused"


def test_triton_without_a_gpu_is_refused_in_one_line():
    with pytest.raises(ValueError, match=r"^recurrent_backend 'triton' is impossible: it needs a GPU") as caught:
        choose_backend("triton", CPU, torch.float32, 100)
    assert "\n" not in str(caught.value)


@pytest.fixture(name="gpu")
def as_with_a_gpu(monkeypatch):
    """As on a machine with a GPU and Triton, so far as the choice can see."""
    capability = {"now": (9, 0)}
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _device: capability["now"])
    monkeypatch.setattr(recurrent_backends, "find_spec", lambda _name: object())
    for cached in (triton_obstacle, recurrent_backends._quickest_on_gpu):
        cached.cache_clear()
    yield capability
    for cached in (triton_obstacle, recurrent_backends._quickest_on_gpu):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("dtype", "hidden", "capability", "obstacle"),
    [
        (torch.float32, 256, (9, 0), None),
        (torch.bfloat16, 1, (8, 0), None),
        (torch.float64, 100, (9, 0), "it does not compute in float64"),
        (torch.float32, 257, (9, 0), "it takes up to 256 units, not 257"),
        (torch.float32, 100, (7, 5), "it needs a GPU of compute capability 8.0 or more"),
    ],
)
def test_triton_is_possible_where_its_kernels_are(gpu, dtype, hidden, capability, obstacle):
    gpu["now"] = capability
    assert triton_obstacle(GPU, dtype, hidden) == obstacle


@pytest.mark.usefixtures("gpu")
def test_triton_has_to_be_installed(monkeypatch):
    monkeypatch.setattr(recurrent_backends, "find_spec", lambda _name: None)
    assert triton_obstacle(GPU, torch.float32, 100) == "the package triton is not installed"


@pytest.mark.usefixtures("gpu")
def test_the_fallback_is_told_once(monkeypatch):
    told = []
    monkeypatch.setattr(recurrent_backends.logger, "warning", told.append)
    for _ in range(2):
        assert choose_backend("auto", GPU, torch.float32, 300) == "fused"
    assert told == ["recurrent_backend: 'fused' in place of 'triton': it takes up to 256 units, not 300"]


@pytest.mark.parametrize(("fault", "taken"), [(None, "triton"), ("its kernels compute something else here", "fused")])
@pytest.mark.usefixtures("gpu")
def test_triton_is_taken_where_it_was_seen_to_be_right(monkeypatch, fault, taken):
    triton_check = pytest.importorskip("hf_sluice.models.triton_check", exc_type=ImportError)
    monkeypatch.setattr(triton_check, "triton_fault", lambda *_: fault)
    assert choose_backend("auto", GPU, torch.float32, 100) == taken


def test_the_names_are_those_that_a_configuration_takes():
    assert set(RECURRENT_BACKENDS) == {"auto", "fused", "stacked", "triton"}
    assert len({backend_function(name) for name in ("fused", "stacked")}) == 2
