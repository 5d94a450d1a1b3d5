"""A step waits for no value of the device: shown on the device ``meta``, which computes shapes and has no values."""

from __future__ import annotations

from contextlib import nullcontext

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.loss_means import LossMeans
from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer
from tests.training.tiny_training import CHUNK, POS, corpus_of, new_model, new_tokenizer, sentence


class Crossings(TorchDispatchMode):
    """Notes what leaves the device or enters it: a scalar that is read, a tensor that is copied."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        devices = {value.device.type for value in tree_leaves((args, kwargs)) if isinstance(value, torch.Tensor)}
        result = function(*args, **kwargs)
        devices |= {value.device.type for value in tree_leaves(result) if isinstance(value, torch.Tensor)}
        if len(devices) > 1 or (function is torch.ops.aten._local_scalar_dense.default and "cpu" not in devices):
            self.found.append(function)
        return result


@pytest.fixture(scope="module")
def corpus():
    """Short words, for each character takes the device's time."""
    sentences = [sentence("a bc", number, pos=["D", "N"], chunk=["B-NP", "I-NP"]) for number in range(3)]
    return corpus_of([POS, CHUNK], train=[*sentences, sentence("d", 3, pos=["N"], chunk=["O"])], validation=sentences)


@pytest.fixture
def _no_autocast(monkeypatch):
    """The device has none; that of the CPU is off in these tests."""
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())
    monkeypatch.setattr(torch, "is_autocast_enabled", lambda *_: False)


def trainer_on(device, corpus, make=make_objective, model=None, **settings):
    tokenizer = new_tokenizer(corpus)
    model = new_model(tokenizer, corpus.tasks, **(model or {})).to(device).train()
    settings, processes = TrainingSettings(**settings), OneProcess(device)
    objective = make(settings.objective, corpus.tasks, processes, model)
    optimizer = make_step_optimizer(model, ["pos", "chunk"], settings, objective.parameters())
    split = encode_split(corpus["train"], tokenizer, corpus.tasks)
    return StepTrainer(model, optimizer, objective, split, settings, processes, 0)


def two_steps(trainer, tasks=("pos", "chunk")):
    progress = TrainingProgress(unlogged=LossMeans())
    for _ in range(2):
        trainer.train(Step(tasks, np.arange(4)), progress)
    return progress


# Tensors of a batch beside labels.
INPUTS = 4
CASES = [
    ({"dropout": 0.1}, {"step": "per_task", "optimizer": "adamw", "weight_decay": 0.1}),
    ({"decoder": "mlp_crf", "constrained_decoding": True}, {"momentum": 0.9}),
    ({"sharing": "hard_sharing"}, {"optimizer": "adadelta", "micro_batch_size": 2}),
    ({"sharing": "group_lasso", "char_encoder": "cnn"}, {"objective": ObjectiveSettings("uncertainty")}),
    ({"char_encoder": "none"}, {"objective": ObjectiveSettings("famo")}),
]


@pytest.mark.usefixtures("_no_autocast")
@pytest.mark.parametrize(("model", "settings"), CASES)
def test_a_step_reads_nothing_from_the_device_and_sends_nothing_but_the_batch(corpus, model, settings):
    tasks = ("pos",) if settings.get("step") == "per_task" else ("pos", "chunk")
    trainer = trainer_on("meta", corpus, model=model, **settings)
    with Crossings() as crossings:
        progress = two_steps(trainer, tasks)
    pieces = 2 if "micro_batch_size" in settings else 1
    of_famo = settings.get("objective") == ObjectiveSettings("famo")
    # What a CRF's scheme allows is sent once.
    of_scheme = 3 if model.get("constrained_decoding") else 0

    assert progress.step == 2
    assert set(crossings.found) == {torch.ops.aten._to_copy.default}
    assert len(crossings.found) == 2 * pieces * (INPUTS + len(tasks)) + 2 * of_famo + of_scheme


class Reading(FixedWeights):
    def backward(self, step):
        super().backward(step)
        float(step.losses["pos"].detach())


@pytest.mark.usefixtures("_no_autocast")
def test_what_reads_a_value_is_found_out(corpus):
    trainer = trainer_on("meta", corpus, make=lambda _, tasks, processes, __: Reading(tasks, processes))
    with pytest.raises(RuntimeError, match="meta"):
        two_steps(trainer)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize(("model", "settings"), CASES)
def test_a_gpu_is_not_waited_for(corpus, model, settings):
    tasks = ("pos",) if settings.get("step") == "per_task" else ("pos", "chunk")
    trainer = trainer_on("cuda", corpus, model=model, **settings)
    two_steps(trainer, tasks)  # what is compiled, or sent once
    torch.cuda.set_sync_debug_mode("error")
    try:
        two_steps(trainer, tasks)
    finally:
        torch.cuda.set_sync_debug_mode("default")
