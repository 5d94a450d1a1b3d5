from __future__ import annotations

import pytest
import torch
from torch import nn

from hf_sluice.training.averaging import ParameterAverages
from hf_sluice.training.settings import EarlyStopping
from tests.training.sparse_training import new_sparse_model
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_tokenizer, new_trainer


@pytest.fixture(scope="module")
def corpus():
    return demo(train=24)


def walk(steps, seed=0):
    """A model and the values that its one parameter takes, step after step."""
    torch.manual_seed(seed)
    model = nn.Linear(3, 2, bias=False).double()
    return model, [torch.randn(2, 3, dtype=torch.float64) for _ in range(steps)]


def averaged_over(decay, steps):
    model, values = walk(steps)
    averages = ParameterAverages(model, decay)
    for step, value in enumerate(values):
        model.weight.data.copy_(value)
        averages.update(step)
    return model, values, averages


@pytest.mark.parametrize("decay", [0.0, 0.2, 0.9])
def test_averages_are_those_of_the_definition(decay):
    model, values, averages = averaged_over(decay, 30)
    expected = values[0]
    for step, value in enumerate(values[1:], start=1):
        kept = min(decay, (1 + step) / (10 + step))
        expected = kept * expected + (1 - kept) * value

    averages.put_in_place()
    torch.testing.assert_close(model.weight.data, expected, rtol=1e-12, atol=1e-12)


def test_what_a_model_began_with_is_not_in_its_average():
    model, values, averages = averaged_over(0.99, 1)
    averages.put_in_place()
    assert torch.equal(model.weight.data, values[0])


def test_after_a_look_at_the_averages_the_parameters_are_as_before():
    model, values, averages = averaged_over(0.9, 5)
    with averages.in_place():
        assert not torch.equal(model.weight.data, values[-1])
    assert torch.equal(model.weight.data, values[-1])


def test_parameters_that_are_not_trained_are_left_alone():
    model, _ = walk(0)
    model.weight.requires_grad_(requires_grad=False)
    assert ParameterAverages(model, 0.9).state_dict() == {}


@pytest.mark.parametrize("keep", ["best", "last"])
def test_what_is_scored_and_kept_are_the_averages(corpus, tmp_path, keep):
    settings = {"average_decay": 0.9, "epochs": 3, "early_stopping": EarlyStopping("pos", None, keep)}
    trainer = new_trainer(corpus, tmp_path / "averaged", **settings)
    scored = []
    score = trainer._development_score
    trainer._development_score = lambda rows: [scored.append(copy_of(trainer.model)), score(rows)][1]
    result = trainer.train()
    plain = new_trainer(corpus, tmp_path / "plain", **settings | {"average_decay": None})
    plain.train()

    assert_equal_parameters(copy_of(trainer.model), scored[result.best_epoch])
    assert trainer.evaluate("validation") is not None
    assert not torch.equal(plain.model.heads[0].output.weight, trainer.model.heads[0].output.weight)


def test_averaging_changes_nothing_of_the_steps(corpus, tmp_path):
    losses = []
    for decay in (None, 0.9):
        trainer = new_trainer(
            corpus, tmp_path / str(decay), average_decay=decay, early_stopping=EarlyStopping("pos", None)
        )
        trainer.train()
        losses.append([event["losses"] for event in trainer.log.read() if event["event"] == "epoch"])
    assert losses[0] == losses[1]


def test_weights_that_no_subnet_has_keep_their_values_and_masks_theirs(corpus, tmp_path):
    model = new_sparse_model(new_tokenizer(corpus), corpus.tasks)
    before, masks = copy_of(model), model.masks
    trainer = new_trainer(corpus, tmp_path, model=model, average_decay=0.9, step="per_task")
    trainer.train()

    kept = model.subnet(list(model.config.task_names))
    after = copy_of(model)
    assert any(not torch.equal(after[name][mask], before[name][mask]) for name, mask in kept.items())
    for name, mask in kept.items():
        assert torch.equal(after[name][~mask], before[name][~mask])
    for task, of_task in model.masks.items():
        assert all(torch.equal(mask, masks[task][name]) for name, mask in of_task.items())
