from __future__ import annotations

import numpy as np
import pytest
import torch

from hf_sluice.training.objectives.objective import Objective, weighted_sum
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.sampling import Step
from hf_sluice.training.step import StepTrainer
from tests.training.tiny_training import LENGTH, POS, corpus_of, demo, new_model, new_tokenizer, new_trainer, sentence


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


class OfTwo(OneProcess):
    """Thinks that there is another process beside it."""

    def __init__(self, process_index):
        super().__init__()
        self.process_index, self.num_processes = process_index, 2


def steps_of(trainer, processes):
    return StepTrainer(
        trainer.model, trainer._optimizer, trainer.objective, trainer.split("train"), trainer.settings, processes, 0
    )


@pytest.mark.parametrize("size", [None, 1, 2, 3, 4, 7, 8, 20])
@pytest.mark.parametrize("number", [1, 7, 8])
def test_the_pieces_of_all_processes_are_the_batch(corpus, tmp_path, size, number):
    trainer = new_trainer(corpus, tmp_path, micro_batch_size=size)
    batch = np.arange(number)
    pieces = [piece for index in (0, 1) for piece in steps_of(trainer, OfTwo(index)).pieces(batch)]

    assert sorted(np.concatenate(pieces).tolist()) == batch.tolist()
    assert max(map(len, pieces)) <= (size or number)
    if size is None:
        assert len(pieces) == 2


def test_a_process_without_sentences_takes_part_without_labels(corpus, tmp_path):
    steps = steps_of(new_trainer(corpus, tmp_path, micro_batch_size=2), OfTwo(1))
    (piece,) = steps.pieces(np.array([5]))
    labels = steps.inputs(piece, ["pos", "chunk"])["labels"]

    assert len(piece) == 0
    assert {name: value.unique().tolist() for name, value in labels.items()} == {"pos": [-100], "chunk": [-100]}


def moves(trainer, step):
    """What a step of plain gradient descent does to the model and the objective, and the losses that it notes."""
    parameters = [*trainer.model.parameters(), *trainer.objective.parameters()]
    before = [parameter.detach().clone() for parameter in parameters]
    trainer.model.train()
    trainer._train_step(step)
    changes = [old - new.detach() for old, new in zip(before, parameters, strict=True)]
    return changes, trainer._progress.mean_losses(), trainer._progress.tokens


@pytest.mark.parametrize("tasks", [("pos", "length"), ("pos",), ("length",)], ids=" ".join)
@pytest.mark.parametrize("objective", ["fixed", "uncertainty", "dwa"])
def test_a_batch_in_pieces_is_the_batch(tmp_path, objective, tasks):
    some = [sentence("the dog barks", i, pos=["D", "N", "V"]) for i in range(6)]
    both = [sentence("a cat", i, pos=["D", "N"], length=[1.0, 3.0]) for i in range(6, 9)]
    corpus = corpus_of([POS, LENGTH], train=some + both, validation=both)
    step = Step(tasks, np.array([6, 0, 1, 8, 7, 2, 3, 4]))
    settings = {
        "objective": ObjectiveSettings(objective), "step": "joint" if len(tasks) > 1 else "per_task",
        "learning_rate": 1.0, "max_grad_norm": 0.3,
    }  # fmt: skip
    model = {"noise": 0.0, "orthogonality_weight": 0.3}
    whole, *pieces = (
        moves(
            new_trainer(
                corpus, tmp_path, model=new_model(new_tokenizer(corpus), corpus.tasks, **model),
                micro_batch_size=size, **settings,
            ),
            step,
        )
        for size in (None, 8, 3, 1)
    )  # fmt: skip

    assert any(change.any() for change in whole[0])
    assert all(torch.equal(one, other) for one, other in zip(whole[0], pieces[0][0], strict=True))
    for changes, losses, tokens in pieces:
        for one, other in zip(whole[0], changes, strict=True):
            torch.testing.assert_close(other, one, rtol=1e-4, atol=1e-6)
        assert losses == pytest.approx(whole[1], rel=1e-5)
        assert tokens == whole[2]


def test_pieces_have_different_noise(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, micro_batch_size=4)
    seen = []
    trainer.model.register_forward_pre_hook(lambda *_: seen.append(torch.random.get_rng_state()))
    trainer._train_step(Step(("pos", "chunk"), np.arange(12)))

    assert len({bytes(state.tolist()) for state in seen}) == len(seen) == 3
