from __future__ import annotations

import torch

from hf_sluice.tasks import Task
from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.objectives.objective import StepLosses, weighted_sum
from tests.models.tiny_sluice import tiny_batch, tiny_labels, tiny_model
from tests.training.objectives.toy_losses import accelerator

TASKS = [Task(f"task{i}", tuple(f"L{j}" for j in range(3 + i)), weight=weight) for i, weight in enumerate((0.3, 1, 7))]


def model_and_output():
    model = tiny_model(tasks=[task.to_dict() for task in TASKS], dtype=torch.float32)
    batch = tiny_batch()
    return model, model(**batch, labels=tiny_labels(model.config, batch))


def losses_of(model, output):
    return StepLosses(output.losses, model.config.penalty_weight * output.penalty, [task.name for task in TASKS])


def test_the_sum_is_the_loss_of_the_model_to_the_bit():
    model, output = model_and_output()

    assert torch.equal(weighted_sum(losses_of(model, output), {task.name: task.weight for task in TASKS}), output.loss)
    assert output.penalty > 0


def test_the_gradients_are_those_of_the_models_loss_to_the_bit():
    (model, output), (other, expected) = model_and_output(), model_and_output()
    FixedWeights(TASKS, accelerator()).backward(losses_of(model, output))
    expected.loss.backward()

    for (name, one), two in zip(model.named_parameters(), other.parameters(), strict=True):
        assert torch.equal(one.grad, two.grad), name


def test_there_is_nothing_to_learn_or_to_keep():
    objective = FixedWeights(TASKS, accelerator())
    objective.finish_epoch({"task0": 2.0})

    assert objective.values() == {"weights": {"task0": 0.3, "task1": 1, "task2": 7}}
    assert objective.parameters() == []
    assert objective.state_dict() == {}
