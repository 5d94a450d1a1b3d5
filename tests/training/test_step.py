from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.training.objectives.objective import Objective, weighted_sum
from hf_sluice.training.sampling import Step
from hf_sluice.training.step import StepTrainer
from tests.training.tiny_training import LENGTH, POS, corpus_of, demo, new_trainer, sentence


@pytest.fixture(scope="module")
def corpus():
    return demo(train=16)


class Noting(Objective):
    """Keeps what it is given; the step is that of the fixed objective."""

    def backward(self, step):
        self.step = step
        self._processes.backward(weighted_sum(step, self._lambda))

    def after_step(self, losses_again):
        self.again = [losses_again() for _ in range(2)]


def trained(corpus, folder, step, **settings):
    """The objective and the trainer after one step."""
    trainer = new_trainer(corpus, folder, **settings)
    objective = Noting(trainer.tasks, trainer.accelerator)
    steps = StepTrainer(
        trainer.model, trainer._optimizer, objective, trainer.split("train"), trainer.settings, trainer.accelerator, 0
    )
    trainer.model.train()
    steps.train(step, trainer._progress)
    return objective, trainer


def test_the_objective_gets_the_weighted_penalty(corpus, tmp_path):
    objective, trainer = trained(corpus, tmp_path, Step(("pos", "chunk"), np.arange(8)))
    penalty = trainer._progress.mean_losses()["penalty"]

    assert objective.step.penalty.item() == pytest.approx(trainer.model.config.penalty_weight * penalty)
    assert objective.step.penalty > 0


def test_the_losses_after_the_step_are_those_of_the_same_batch_under_the_same_noise(corpus, tmp_path):
    step = Step(("pos", "chunk"), np.arange(8))
    objective, _ = trained(corpus, tmp_path / "moved", step, learning_rate=0.5)
    still, _ = trained(corpus, tmp_path / "still", step, learning_rate=1e-30)
    losses, again = objective.step.losses, objective.again

    for name in losses:
        assert torch.equal(again[0][name], again[1][name])
        assert again[0][name] < losses[name]
        assert not again[0][name].requires_grad
        assert torch.equal(still.again[0][name], still.step.losses[name])


def test_losses_of_tasks_without_labels_in_the_batch_are_not_counted(tmp_path):
    some = [sentence("the dog barks", i, pos=["D", "N", "V"]) for i in range(6)]
    both = [sentence("a cat", i, pos=["D", "N"], length=[1.0, 3.0]) for i in range(6, 8)]
    corpus = corpus_of([POS, LENGTH], train=some + both, validation=both)
    objective, trainer = trained(corpus, tmp_path, Step(("pos", "length"), np.arange(6)))

    assert objective.step.labelled == ["pos"]
    assert objective.step.losses["length"] == 0
    assert set(trainer._progress.mean_losses()) == {"pos", "penalty"}
