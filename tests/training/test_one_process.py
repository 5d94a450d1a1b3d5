from __future__ import annotations

import pytest
import torch
from accelerate import Accelerator
from torch import nn

from hf_sluice.training.objectives.making import make_objective
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.processes import Processes
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.sampling import make_planner
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import make_step_optimizer
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_model, new_tokenizer, new_trainer

INTERFACE = sorted(name for name in vars(Processes) if not name.startswith("_"))


@pytest.mark.parametrize("processes", [OneProcess(), Accelerator(cpu=True)], ids=lambda value: type(value).__name__)
def test_both_have_what_a_step_needs(processes):
    assert len(INTERFACE) == 9
    assert [name for name in INTERFACE if not hasattr(processes, name)] == []
    assert (processes.process_index, processes.num_processes, processes.is_main_process) == (0, 1, True)


def test_there_is_nobody_else():
    alone, model = OneProcess("cpu"), nn.Linear(2, 1)
    value = torch.tensor([1.0, 2.0])
    with alone.no_sync(model):
        alone.backward(model(value).sum())

    assert alone.device == torch.device("cpu")
    assert alone.unwrap_model(model) is model
    assert alone.reduce(value, "mean") is value
    assert torch.equal(model.weight.grad, value[None])
    assert alone.clip_grad_norm_(model.parameters(), 0.5).item() == pytest.approx(6**0.5)
    assert torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item() == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["fixed", "uncertainty", "famo"])
def test_it_trains_as_an_accelerator_does_to_the_bit(tmp_path, name):
    corpus = demo(train=24)
    settings = {"objective": ObjectiveSettings(name), "epochs": 1, "max_grad_norm": 0.1, "momentum": 0.9}
    trainer = new_trainer(corpus, tmp_path, **settings)
    trainer.train()
    alone, model = OneProcess(), new_model(new_tokenizer(corpus), corpus.tasks)
    objective = make_objective(trainer.settings.objective, corpus.tasks, alone, model)
    optimizer = make_step_optimizer(model, ["pos", "chunk"], trainer.settings, objective.parameters())
    split = trainer.split("train")
    steps = StepTrainer(model, optimizer, objective, split, trainer.settings, alone, 0)
    progress = TrainingProgress()
    model.train()
    for step in make_planner(split, ["pos", "chunk"], trainer.settings, 0).epoch(0):
        steps.train(step, progress)

    assert_equal_parameters(copy_of(model), copy_of(trainer.model))
