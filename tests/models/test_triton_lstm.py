"""The Triton kernels in Triton's interpreter: their arithmetic, without a GPU. What they cost shows on a GPU alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.models.recurrence_cases import CASES, TOLERANCES

pytest.importorskip("triton", reason="the kernels need Triton, which is installed on Linux alone")

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def interpreted():
    script = "from tests.models import interpreted_triton; interpreted_triton.main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TRITON_INTERPRET": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
def test_outputs_and_gradients_are_those_of_the_equations(interpreted, name, dtype):
    found = interpreted["differences"][f"held, {str(dtype).removeprefix('torch.')}, {name}"]
    assert max(found.values()) < TOLERANCES[dtype], found


@pytest.mark.parametrize("name", ["ragged, own inputs", "empty sentences", "more than a block"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
def test_weights_that_are_read_in_every_step_make_no_difference(interpreted, name, dtype):
    found = interpreted["differences"][f"read again, {str(dtype).removeprefix('torch.')}, {name}"]
    assert max(found.values()) < TOLERANCES[dtype], found


@pytest.mark.parametrize("model", ["sluice", "sparse_sharing"])
def test_whole_models_are_those_on_fused_kernels(interpreted, model):
    found = interpreted["differences"][f"model, {model}"]
    assert {"loss", "heads"} <= {name.split(".")[0] for name in found} | {"loss"}
    assert max(found.values()) < 2e-5, found


def test_the_check_finds_kernels_at_fault(interpreted):
    assert interpreted["faults"] == {
        "kernels": None,
        "other": "its kernels compute something else here",
        "broken": "its kernels do not run here (no kernel image)",
    }


@pytest.mark.parametrize(("name", "number", "resident"), [("forward", "fp32", False), ("backward", "bf16", True)])
def test_the_kernels_compile_for_a_gpu(name, number, resident, tmp_path, monkeypatch):
    """With the assembler that comes with Triton; nothing runs."""
    triton = pytest.importorskip("triton")
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    from hf_sluice.models.triton_lstm_backward import backward_kernel
    from hf_sluice.models.triton_lstm_forward import forward_kernel

    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    kernel = {"forward": forward_kernel, "backward": backward_kernel}[name]
    settings = {
        "READERS": 2, "HIDDEN": 100, "BLOCK_B": 16, "BLOCK_H": 128, "BLOCK_K": 32, "RESIDENT": resident,
        "PRECISION": "tf32", "KEEP": True,
    }  # fmt: skip
    types = {"cells": "*fp32", "lengths": "*i64", "num_steps": "i32", "batch": "i32"}
    signature = {name: "constexpr" if name in settings else types.get(name, f"*{number}") for name in kernel.arg_names}
    constants = {(kernel.arg_names.index(name),): value for name, value in settings.items() if name in signature}
    source = ASTSource(kernel, signature, constants)
    compiled = triton.compile(source, target=GPUTarget("cuda", 90, 32), options={"num_warps": 8, "num_stages": 1})
    assert compiled.metadata.shared < 227 * 1024
    assert "mma" in compiled.asm["ptx"]
