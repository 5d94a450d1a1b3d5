from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from hf_sluice.training.affinity.meter import _relative_falls
from hf_sluice.training.affinity.settings import AffinitySettings
from hf_sluice.training.sampling import Step
from hf_sluice.training.step import step_seed
from tests.training.sparse_training import disjoint_masks, new_sparse_model
from tests.training.tiny_training import (
    LENGTH,
    POS,
    assert_equal_parameters,
    copy_of,
    corpus_of,
    demo,
    new_model,
    new_tokenizer,
    new_trainer,
    sentence,
)

TASKS = ("pos", "chunk", "ner")
BATCH = np.arange(12)


@pytest.fixture(scope="module")
def corpus():
    return demo(train=24, tasks=TASKS)


def measuring(corpus, folder, *, tasks=None, model=None, affinity=None, number=0, **settings):
    """A trainer that is about to make a step of some number."""
    trainer = new_trainer(
        corpus, folder, tasks=tasks, model=model, affinity=affinity or AffinitySettings(1), **settings
    )
    trainer._progress.step = number
    trainer.model.train()
    return trainer


def measured(trainer, step=None):
    step = Step(tuple(task.name for task in trainer.tasks), BATCH) if step is None else step
    return trainer._meter.measure(step, trainer._progress)


def losses(model, inputs, noise):
    torch.manual_seed(noise)
    return model(**inputs).losses


def by_hand(trainer, source, targets, rate, limit):
    """Moves a copy of the model as the definition says; falls of the losses on the targets' batches."""
    noise = step_seed(0, trainer._progress.step, 0)
    inputs = {task: trainer._steps.batch(probe).pieces[0] for task, probe in targets.items()}
    before = {task: losses(trainer.model, of, noise)[task] for task, of in inputs.items()}
    model = copy.deepcopy(trainer.model)
    losses(model, inputs[source], noise)[source].backward()
    shared = [p for n, p in model.named_parameters() if not n.startswith("heads.") and p.grad is not None]
    torch.nn.utils.clip_grad_norm_(shared, limit or 1e9)
    with torch.no_grad():
        for parameter in shared:
            parameter.sub_(rate * parameter.grad)
    after = {task: losses(model, of, noise)[task] for task, of in inputs.items()}
    return {task: 1 - after[task].item() / before[task].item() for task in targets}


@pytest.mark.parametrize("sharing", ["sluice", "hard_sharing"])
@pytest.mark.parametrize("limit", [None, 0.05])
@pytest.mark.parametrize("step", ["joint", "per_task"])
def test_values_are_those_of_the_definition(corpus, tmp_path, step, limit, sharing):
    model = new_model(new_tokenizer(corpus), corpus.tasks, sharing=sharing, dropout=0.1)
    trainer = measuring(corpus, tmp_path, model=model, step=step, max_grad_norm=limit, number=7, learning_rate=0.5)
    ahead = Step(TASKS if step == "joint" else ("pos",), BATCH)
    found = measured(trainer, ahead)
    probes = trainer._meter._probes.probes(ahead, 7)
    targets = {task: probe for probe in probes for task in probe.tasks}

    assert list(found) == list(TASKS)
    for source in TASKS:
        assert found[source] == pytest.approx(by_hand(trainer, source, targets, 0.5, limit), rel=1e-2, abs=1e-6)
        assert found[source][source] > 0


@pytest.mark.parametrize("rate", [None, 0.01])
def test_the_rate_is_that_of_the_run_unless_one_is_given(corpus, tmp_path, rate):
    settings = {"learning_rate": 0.4, "learning_rate_decay": 1.0}
    trainer = measuring(corpus, tmp_path, affinity=AffinitySettings(1, rate), **settings)
    trainer._progress.epoch = 1
    probe = Step(TASKS, BATCH)
    expected = by_hand(trainer, "pos", dict.fromkeys(TASKS, probe), rate or 0.2, 5.0)

    assert measured(trainer)["pos"] == pytest.approx(expected, rel=1e-2, abs=1e-6)


def test_nothing_is_changed_by_measuring(corpus, tmp_path):
    trainer = measuring(corpus, tmp_path)
    before = copy_of(trainer.model)
    measured(trainer)

    assert_equal_parameters(before, copy_of(trainer.model))
    assert [p.grad for p in trainer.model.parameters()] == [None] * len(list(trainer.model.parameters()))
    assert trainer.model.training


def test_pieces_of_a_batch_are_measured_as_the_whole(corpus, tmp_path):
    model = {"model": new_model(new_tokenizer(corpus), corpus.tasks, noise=0.0)}
    whole = measured(measuring(corpus, tmp_path / "whole", **model))
    pieces = measured(measuring(corpus, tmp_path / "pieces", micro_batch_size=5, **model))

    for source in TASKS:
        assert pieces[source] == pytest.approx(whole[source], rel=1e-2, abs=1e-6)


def test_equal_tasks_with_equal_heads_help_each_other_as_themselves(corpus, tmp_path):
    pos = corpus.tasks[0]
    again = replace(pos, name="again", weight=3.0)  # λ has no part in it
    both = {name: split.add_column("again", split["pos"][:]).cast_column("again", split.features["pos"])
            for name, split in corpus.items()}  # fmt: skip
    model = new_model(new_tokenizer(corpus), (pos, again), sharing="hard_sharing", noise=0.0)
    model.heads[1].load_state_dict(model.heads[0].state_dict())
    found = measured(measuring(both, tmp_path, tasks=(pos, again), model=model))

    assert found["pos"]["again"] == pytest.approx(found["pos"]["pos"])
    assert found["again"] == pytest.approx(found["pos"])
    assert found["pos"]["pos"] > 0


def test_tasks_that_share_nothing_leave_each_other_alone(corpus, tmp_path):
    model = new_sparse_model(new_tokenizer(corpus), corpus.tasks, masks=disjoint_masks)
    within = model.subnet(["pos"])
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in within or name.startswith("heads."))
    found = measured(measuring(corpus, tmp_path, model=model, step="per_task"), Step(("pos",), BATCH))

    for source in TASKS:
        assert {target for target, value in found[source].items() if value != 0} == {source}


@pytest.mark.parametrize(("steps", "turns"), [(1, [0, 1, 2, 3, 4, 5, 6]), (3, [2, 5]), (10, [])])
def test_it_is_measured_ahead_of_every_so_many_steps(corpus, tmp_path, steps, turns):
    trainer = measuring(corpus, tmp_path, affinity=AffinitySettings(steps))
    found = []
    for number in range(7):
        trainer._progress.step = number
        if measured(trainer) is not None:
            found.append(number)

    assert found == turns


def test_tasks_without_labels_in_the_batch_are_left_out(tmp_path):
    some = [sentence("the dog barks", i, pos=["D", "N", "V"]) for i in range(12)]
    both = [sentence("a cat", i, pos=["D", "N"], length=[1.0, 3.0]) for i in range(12, 14)]
    trainer = measuring(corpus_of([POS, LENGTH], train=some + both, validation=both), tmp_path, tasks=(POS, LENGTH))

    assert {source: set(targets) for source, targets in measured(trainer).items()} == {"pos": {"pos"}}


def test_what_cannot_be_compared_is_left_out():
    before = {"fell": 2.0, "rose": 1.0, "nothing": 0.0, "diverged": 1.0, "unknown": float("nan")}
    after = {"fell": 1.5, "rose": 1.5, "nothing": 1.0, "diverged": float("inf"), "unknown": 1.0}

    assert _relative_falls(before, after) == {"fell": 0.25, "rose": -0.5}
    assert _relative_falls({"pos": 1.0}, {"pos": float("nan")}) == {}
