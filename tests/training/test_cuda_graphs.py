from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers.utils import logging

from hf_sluice.training import cuda_graphs
from hf_sluice.training.cuda_graphs import CudaRecorder, RecordedGradients, graphs_obstacle, padded
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import TrainingSettings
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_model, new_tokenizer, new_trainer

TASKS = ("pos", "chunk")
DECODERS = ["mlp", "linear_crf"]


@pytest.fixture(scope="module")
def corpus():
    return demo(train=40)


def trainer_of(corpus, folder, decoder="mlp", **settings):
    model = new_model(new_tokenizer(corpus), corpus.tasks, noise=0.0, decoder=decoder, constrained_decoding=True)
    trainer = new_trainer(corpus, folder, model=model.double(), **settings)
    trainer.model.train()
    return trainer


class Replaying:
    """Stands in for CUDA graphs: a replay calls what was recorded, and writes where the recording has written.

    What was computed while recording is destroyed, for a graph computes nothing then.
    """

    def __init__(self, parameters):
        self.parameters = list(parameters)
        self.calls = []

    def warm_up(self, function):
        self.calls.append("warm up")
        return function()

    def record(self, function):
        self.calls.append("record")
        found = self._written(function)
        for value in found:
            value.fill_(torch.nan)

        def replay():
            self.calls.append("replay")
            kept = [parameter.grad for parameter in self.parameters]
            for parameter in self.parameters:
                parameter.grad = None
            for place, value in zip(found, self._written(function, keep_outputs=False), strict=True):
                place.copy_(value)
            for parameter, gradient in zip(self.parameters, kept, strict=True):
                parameter.grad = gradient

        return self.outputs, replay

    def _written(self, function, *, keep_outputs=True):
        outputs = function()
        if keep_outputs:
            self.outputs = outputs
        losses, penalty = outputs
        return [*losses.values(), penalty, *(p.grad for p in self.parameters if p.grad is not None)]


def recorded(trainer, **limits):
    recorder = Replaying(trainer.model.parameters())
    return RecordedGradients(trainer._steps.gradients, recorder.parameters, recorder, **limits), recorder


def gradients_of(parameters):
    return [None if parameter.grad is None else parameter.grad.clone() for parameter in parameters]


def inputs_of(trainer, sentences, tasks=TASKS):
    return trainer._steps.batch(Step(tasks, np.asarray(sentences))).pieces[0]


@pytest.mark.parametrize("tasks", [TASKS, ("chunk",)])
@pytest.mark.parametrize("decoder", DECODERS)
def test_padding_changes_neither_losses_nor_gradients(corpus, tmp_path, decoder, tasks):
    trainer = trainer_of(corpus, tmp_path, decoder)
    inputs, parameters, found = inputs_of(trainer, range(5), tasks), list(trainer.model.parameters()), []
    for given in (inputs, padded(inputs)):
        trainer.model.zero_grad()
        losses, penalty = trainer._steps.gradients(given)
        found.append(({**losses, "penalty": penalty}, gradients_of(parameters)))
    (one, of_one), (other, of_other) = found

    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name])
    for value, again in zip(of_one, of_other, strict=True):
        assert (value is None) == (again is None)
        if value is not None:
            torch.testing.assert_close(value, again)


def test_batches_are_padded_to_few_shapes(corpus, tmp_path):
    trainer = trainer_of(corpus, tmp_path)
    inputs = inputs_of(trainer, range(5))
    more = padded(inputs)

    assert more["input_ids"].shape[1] % 8 == 0
    assert more["char_ids"].shape[0] % 64 == more["char_ids"].shape[1] % 8 == 0
    assert more["attention_mask"].sum() == inputs["attention_mask"].sum()
    assert {name: float(value) for name, value in more["num_items"].items()} == inputs["num_items"]
    again = padded(more | {"num_items": inputs["num_items"]})
    assert cuda_graphs._shape(again) == cuda_graphs._shape(more)


@pytest.mark.parametrize("decoder", DECODERS)
def test_what_is_replayed_is_what_would_be_computed(corpus, tmp_path, decoder):
    trainer = trainer_of(corpus, tmp_path, decoder)
    parameters = list(trainer.model.parameters())
    gradients, recorder = recorded(trainer)
    kept = []
    for sentences in (range(4), range(4, 8), range(8, 12), range(4)):
        inputs = padded(inputs_of(trainer, sentences))
        short = {**inputs, "num_items": inputs_of(trainer, sentences)["num_items"]}
        trainer.model.zero_grad()
        losses, penalty = gradients(short, noise=0)
        found = gradients_of(parameters)
        kept.append((losses, {name: value.clone() for name, value in losses.items()}))
        trainer.model.zero_grad()
        expected, of_penalty = trainer._steps.gradients(inputs)
        assert {name: float(value) for name, value in losses.items()} == pytest.approx(
            {name: float(value) for name, value in expected.items()}
        )
        torch.testing.assert_close(penalty, of_penalty)
        for one, other in zip(found, gradients_of(parameters), strict=True):
            torch.testing.assert_close(one, other)
        with torch.no_grad():  # graphs read the weights as they are
            for parameter in parameters:
                parameter.mul_(1.01)

    assert recorder.calls.count("replay") > 1
    for losses, then in kept:  # no later replay has overwritten them
        assert all(torch.equal(losses[name], then[name]) for name in then)


def test_a_shape_is_recorded_when_it_comes_again(corpus, tmp_path):
    trainer = trainer_of(corpus, tmp_path)
    gradients, recorder = recorded(trainer)
    for tasks in (TASKS, ("pos",), TASKS, TASKS, ("pos",)):
        gradients(inputs_of(trainer, range(4), tasks), noise=0)

    assert recorder.calls == ["warm up", "warm up", "record", "replay", "replay", "record", "replay"]


def test_no_more_graphs_are_kept_than_allowed(corpus, tmp_path):
    trainer = trainer_of(corpus, tmp_path)
    gradients, recorder = recorded(trainer, most_graphs=1)
    for tasks in (TASKS, TASKS, ("pos",), ("pos",), ("pos",), TASKS):
        gradients(inputs_of(trainer, range(4), tasks), noise=0)

    assert recorder.calls == ["warm up", "record", "replay", "warm up", "warm up", "warm up", "replay"]


def test_a_parameter_that_a_step_does_not_train_has_no_gradient(corpus, tmp_path):
    trainer = trainer_of(corpus, tmp_path)
    gradients, _ = recorded(trainer)
    for tasks in (TASKS, TASKS, ("pos",), ("pos",)):
        gradients(inputs_of(trainer, range(4), tasks), noise=0)

    assert trainer.model.heads[0].output.weight.grad is not None
    assert trainer.model.heads[1].output.weight.grad is None


def test_what_cannot_be_recorded_is_computed_and_a_line_says_so(corpus, tmp_path, monkeypatch):
    trainer = trainer_of(corpus, tmp_path)
    gradients, recorder = recorded(trainer)
    told = []
    monkeypatch.setattr(logging.get_logger(cuda_graphs.__name__), "warning", told.append)

    def fail(_):
        raise RuntimeError("operation not permitted\nwhen stream is capturing")

    monkeypatch.setattr(recorder, "record", fail)
    for _ in range(3):
        losses, _ = gradients(inputs_of(trainer, range(4)), noise=0)

    assert recorder.calls == ["warm up"] * 3
    assert losses["pos"].isfinite()
    assert told == ["training.cuda_graphs: none from here on, this could not be recorded: operation not permitted"]


class OnGpu(OneProcess):
    """As if there were a GPU."""

    def __init__(self, num_processes=1):
        super().__init__("cuda")
        self.num_processes = num_processes


@pytest.mark.parametrize(
    ("settings", "processes", "obstacle"),
    [
        ({}, OnGpu(), None),
        ({"step": "per_task", "mixed_precision": "bf16"}, OnGpu(), None),
        ({}, OneProcess(), "the model is on cpu, and graphs are for GPUs"),
        ({}, OnGpu(2), "there are 2 processes, which wait for each other's gradients"),
        ({"micro_batch_size": 4}, OnGpu(), "micro_batch_size cuts batches into pieces"),
        ({"objective": ObjectiveSettings("dwa")}, OnGpu(), "the weights of objective dwa change from step to step"),
    ],
)
def test_when_steps_can_be_recorded(settings, processes, obstacle):
    assert graphs_obstacle(TrainingSettings(**settings), processes) == obstacle


def test_where_there_is_no_gpu_training_is_what_it_is_without_graphs(corpus, tmp_path):
    models = []
    for graphs in (False, True):
        trainer = new_trainer(corpus, tmp_path / str(graphs), cuda_graphs=graphs, epochs=1)
        trainer.train(show_progress=False)
        models.append(copy_of(trainer.model))
    assert_equal_parameters(*models)


@pytest.mark.parametrize("settings", [{}, {"step": "per_task", "sampling": "proportional"}])
def test_training_by_graphs_is_training(corpus, tmp_path, settings):
    models = []
    for graphs in (False, True):
        trainer = trainer_of(corpus, tmp_path / str(graphs), epochs=1, **settings)
        if graphs:
            trainer._steps._recorded, recorder = recorded(trainer)
        trainer.train(show_progress=False)
        models.append(copy_of(trainer.model))

    assert "replay" in recorder.calls
    for name, value in models[0].items():
        torch.testing.assert_close(value, models[1][name])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("decoder", DECODERS)
def test_a_gpu_replays_what_it_would_compute(corpus, tmp_path, decoder):
    trainer = trainer_of(corpus, tmp_path, decoder)
    parameters = list(trainer.model.parameters())
    gradients = RecordedGradients(trainer._steps.gradients, parameters, CudaRecorder(trainer.accelerator.device))
    for number in range(6):
        inputs = inputs_of(trainer, range(4 * (number % 3), 4 * (number % 3) + 4))
        trainer.model.zero_grad()
        losses, _ = gradients(inputs, noise=number)
        found = gradients_of(parameters)
        trainer.model.zero_grad()
        expected, _ = trainer._steps.gradients(inputs)
        for name, value in expected.items():
            torch.testing.assert_close(losses[name], value)
        for one, other in zip(found, gradients_of(parameters), strict=True):
            torch.testing.assert_close(one, other)
    assert gradients._graphs
