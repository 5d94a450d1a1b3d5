"""Half precision: under autocast, as bf16 training runs, and with parameters that are bf16 themselves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from tests.models.tiny_sluice import tiny_batch, tiny_labels, tiny_model

ROOT = Path(__file__).parents[2]


def run(model, *, autocast, dtype=torch.bfloat16):
    """Output, and the gradient of every parameter."""
    batch = tiny_batch()
    labels = tiny_labels(model.config, batch)
    model.zero_grad()
    with torch.autocast("cpu", dtype=dtype, enabled=autocast):
        output = model(**batch, labels=labels)
    output.loss.backward()
    return output, {name: parameter.grad for name, parameter in model.named_parameters()}


def assert_close(got, expected, tolerance):
    """Distance relative to the length of what is expected."""
    distance = torch.linalg.vector_norm(got.double() - expected.double()) / torch.linalg.vector_norm(expected.double())
    assert distance < tolerance


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize(
    ("tasks", "values"), [(1, {}), (3, {}), (3, {"sharing": "hard_sharing"})], ids=["one", "sluice", "hard_sharing"]
)
def test_autocast_is_close_to_single_precision(tasks, values, dtype):
    model = tiny_model(tasks, seed=1, dtype=torch.float32, **values)
    expected, expected_gradients = run(model, autocast=False)
    got, gradients = run(model, autocast=True, dtype=dtype)
    assert got.loss.dtype == torch.float32
    assert_close(got.loss, expected.loss, 0.01)
    for name, value in expected.logits.items():
        words = tiny_batch()["attention_mask"].bool()
        assert_close(got.logits[name][words], value[words], 0.03)
    for name, gradient in gradients.items():
        assert gradient.dtype == torch.float32
        assert_close(gradient, expected_gradients[name], 0.1)


@pytest.mark.skipif(
    not (torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()),
    reason="this CPU has no recurrence in bf16",
)
def test_autocast_reaches_the_recurrence():
    """It would be no use if the most expensive part ran in single precision all the same."""
    model = tiny_model(2, dtype=torch.float32)
    seen = {}
    for name, module in model.named_modules():
        if isinstance(module, ParallelBiLSTM):
            module.register_forward_hook(lambda _, __, outputs, name=name: seen.__setitem__(name, outputs[0].dtype))
    output, _ = run(model, autocast=True)
    assert len(seen) == 4
    assert set(seen.values()) == {torch.bfloat16}
    assert {value.dtype for value in output.logits.values()} == {torch.bfloat16}


def test_autocast_without_gradients():
    model, batch = tiny_model(2, dtype=torch.float32), tiny_batch()
    expected, _ = run(model, autocast=True)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**batch).logits
    words = batch["attention_mask"].bool()
    for name, value in logits.items():
        assert_close(value[words], expected.logits[name][words].detach(), 0.03)


def test_losses_are_summed_in_single_precision():
    """Thousands of tokens add up; in bf16 a sum stops growing at 256 times the size of its terms."""
    model = tiny_model(1, dtype=torch.float32, orthogonality_weight=0.0)
    batch = tiny_batch((40,) * 64)
    labels = tiny_labels(model.config, batch)
    expected = model(**batch, labels=labels).loss
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got = model(**batch, labels=labels).loss
    assert got.dtype == torch.float32
    assert_close(got, expected, 0.003)


def test_a_model_of_half_precision_runs_and_learns():
    expected, expected_gradients = run(tiny_model(2, dtype=torch.float32), autocast=False)
    got, gradients = run(tiny_model(2, dtype=torch.bfloat16), autocast=False)
    assert_close(got.loss.detach(), expected.loss.detach(), 0.02)
    for name, gradient in gradients.items():
        assert gradient.dtype == torch.bfloat16
        assert_close(gradient, expected_gradients[name], 0.15)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="the limit is one of oneDNN")
def test_autocast_runs_on_a_cpu_without_a_kernel_for_it():
    script = "from tests.models import test_number_formats as t; t.run_in_half_precision_on_a_limited_cpu()"
    environment = os.environ | {"ONEDNN_MAX_CPU_ISA": "AVX2"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def run_in_half_precision_on_a_limited_cpu():
    assert not torch.ops.mkldnn._is_mkldnn_bf16_supported()
    test_autocast_is_close_to_single_precision(2, {}, torch.bfloat16)
    test_autocast_without_gradients()
