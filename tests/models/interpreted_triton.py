"""What Triton's kernels compute without a GPU: by its interpreter, which has to be chosen before Triton is imported."""

from __future__ import annotations

import json
import sys
from unittest.mock import patch

import torch

from hf_sluice.models import recurrent_backends, triton_check, triton_lstm
from hf_sluice.models.parallel_lstm import ParallelBiLSTM
from tests.models.recurrence_cases import CASES, differences, relative
from tests.models.tiny_sluice import tiny_batch, tiny_labels, tiny_model
from tests.models.tiny_sparse_sharing import tiny_sparse_model

NO_ROOM = (0, 132)  # of shared memory: each step reads the weights again
READ_AGAIN = ("ragged, own inputs", "empty sentences", "more than a block")
DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}
MODELS = {
    "sluice": lambda: tiny_model(2, num_layers=2, char_encoder="none", dtype=torch.float32),
    "sparse_sharing": lambda: tiny_sparse_model(2, num_layers=1, dtype=torch.float32),
}


def main():
    """Writes as JSON how far everything is from what it should be, and what is found at fault."""
    results = {}
    for kind, dtype in DTYPES.items():
        for name, case in CASES.items():
            results[f"held, {kind}, {name}"] = differences(triton_lstm.triton_lstm, case, dtype)
        with patch.object(triton_lstm, "room_on", lambda _device: NO_ROOM):
            for name in READ_AGAIN:
                results[f"read again, {kind}, {name}"] = differences(triton_lstm.triton_lstm, CASES[name], dtype)
    with patch.object(recurrent_backends, "triton_obstacle", lambda *_: None):
        results |= {f"model, {name}": model_differences(make) for name, make in MODELS.items()}
    sys.stdout.write(json.dumps({"differences": results, "faults": faults()}))


def model_differences(make):
    """Between a model whose layers Triton computes and the same one on the framework's kernels."""
    results = []
    for backend in ("triton", "fused"):
        model = make()
        for layer in recurrent_layers(model):
            layer.backend = backend
        batch = tiny_batch((3, 1))
        output = model(**batch, labels=tiny_labels(model.config, batch))
        output.loss.backward()
        assert {layer.used_backend for layer in recurrent_layers(model)} == {backend}
        words = batch["attention_mask"].bool()
        results.append(
            {f"logits of {task}": logits[words].detach() for task, logits in output.logits.items()}
            | {name: parameter.grad for name, parameter in model.named_parameters()}
        )
    triton, fused = results
    return {name: relative(triton[name], fused[name].double()) for name in fused}


def recurrent_layers(model):
    return [module for module in model.modules() if isinstance(module, ParallelBiLSTM)]


def faults():
    """What the check of the kernels says of them, of other ones, and of some that do not run."""

    def other(*arguments):
        return [1.1 * states for states in triton_lstm.triton_lstm(*arguments)]

    def broken(*_):
        raise RuntimeError("no kernel image\nand more")

    found = {}
    for name, backend in (("kernels", triton_lstm.triton_lstm), ("other", other), ("broken", broken)):
        with patch.object(triton_check, "triton_lstm", backend):
            found[name] = triton_check.triton_fault(torch.device("cpu"), torch.float32, 5)
    return found
