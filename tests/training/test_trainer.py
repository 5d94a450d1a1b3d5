from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from hf_sluice.errors import ModelFolderError, UserError
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.models.decoders import DECODERS
from hf_sluice.tagging import is_valid
from hf_sluice.training.affinity.settings import AffinitySettings
from hf_sluice.training.objectives.settings import ObjectiveSettings
from hf_sluice.training.prediction import predict_words
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import EarlyStopping
from hf_sluice.training.trainer import MultiTaskTrainer
from tests.training.sparse_training import new_sparse_model
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


@pytest.fixture(scope="module")
def corpus():
    return demo(train=40)


class Killed(BaseException):
    """In place of a signal."""


def killed_after(trainer, steps):
    """Trains until some steps are done in all, and dies at the beginning of the next one."""
    train_step = trainer._train_step

    def step_or_die(step):
        if trainer._progress.step == steps:
            raise Killed
        train_step(step)

    trainer._train_step = step_or_die
    with pytest.raises(Killed):
        trainer.train(resume=True)


def without_speed(trainer):
    return [{name: v for name, v in event.items() if name != "tokens_per_second"} for event in trainer.log.read()]


def events_of(trainer, kind):
    return [event for event in without_speed(trainer) if event["event"] == kind]


def scripted(trainer, scores):
    """Lets the development score of each epoch be a given one, and keeps the parameters of each epoch."""
    states, given = [], iter(scores)

    def score(_rows):
        states.append(copy_of(trainer.model))
        return next(given)

    trainer._development_score = score
    return states


def test_training_lowers_the_losses(corpus, tmp_path):
    trainer = new_trainer(
        corpus, tmp_path, epochs=6, optimizer="adamw", learning_rate=0.02, early_stopping=EarlyStopping("pos", None)
    )
    before = trainer.evaluate("validation")
    trainer.train()
    events = trainer.log.read()

    for task in corpus.tasks:
        assert events[-1]["losses"][task.name] < 0.8 * events[0]["losses"][task.name]
    pos = corpus.tasks[0]
    assert main_score(trainer.evaluate("validation"), pos).value > main_score(before, pos).value + 0.1


@pytest.mark.parametrize("settings", [{"step": "joint"}, {"step": "per_task", "optimizer": "adamw"}])
def test_a_run_is_a_function_of_seed(corpus, tmp_path, settings):
    first, again, other = (
        new_trainer(corpus, tmp_path / name, seed=seed, epochs=1, **settings)
        for name, seed in (("first", 0), ("again", 0), ("other", 1))
    )
    for before, trainer in enumerate((first, again, other)):
        torch.manual_seed(before)  # what was drawn before a run does not matter
        trainer.train()

    assert_equal_parameters(copy_of(first.model), copy_of(again.model))
    assert without_speed(first) == without_speed(again)
    assert without_speed(first) != without_speed(other)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_seed_of_the_trainer_alone_changes_batches_and_noise(corpus, tmp_path, seed):
    tokenizer = new_tokenizer(corpus)
    states = []
    for other in (0, seed):
        model = new_model(tokenizer, corpus.tasks, seed=5)
        new_trainer(corpus, tmp_path / f"{len(states)}", seed=other, model=model, epochs=1).train()
        states.append(copy_of(model))

    equal = all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert equal == (seed == 0)


@pytest.mark.parametrize(("seed", "number", "equal"), [(0, 0, True), (1, 0, False), (0, 1, False)])
def test_the_noise_of_a_step_is_a_function_of_seed_and_step(corpus, tmp_path, seed, number, equal):
    losses = []
    for given_seed, given_number in ((0, 0), (seed, number)):
        model = new_model(new_tokenizer(corpus), corpus.tasks)
        trainer = new_trainer(corpus, tmp_path, seed=given_seed, model=model)
        trainer._progress.step = given_number
        trainer._train_step(Step(("pos",), np.arange(8)))
        losses.append(trainer._progress.mean_losses()["pos"])

    assert (losses[0] == losses[1]) == equal


def test_a_model_in_evaluation_mode_is_trained_as_any_other(corpus, tmp_path):
    models = [new_model(new_tokenizer(corpus), corpus.tasks).train(mode) for mode in (True, False)]
    for model in models:
        new_trainer(corpus, tmp_path / str(model.training), model=model, epochs=1).train()

    assert_equal_parameters(*map(copy_of, models))


RESUMED = {
    "joint-sgd": {"step": "joint", "momentum": 0.9, "learning_rate": 0.05},
    "joint-adamw": {"step": "joint", "optimizer": "adamw", "learning_rate": 0.01, "weight_decay": 0.1},
    "per_task-sgd": {"step": "per_task", "momentum": 0.9, "learning_rate": 0.05, "sampling": "temperature"},
    "per_task-adamw": {"step": "per_task", "optimizer": "adamw", "learning_rate": 0.01, "warmup_steps": 7},
    "uncertainty": {"optimizer": "adamw", "learning_rate": 0.01, "objective": ObjectiveSettings("uncertainty")},
    "dwa": {"step": "per_task", "learning_rate": 0.05, "objective": ObjectiveSettings("dwa", temperature=0.1)},
    "famo": {"learning_rate": 0.05, "objective": ObjectiveSettings("famo", learning_rate=0.2)},
    "mgda": {"learning_rate": 0.05, "objective": ObjectiveSettings("mgda")},
    "joint-affinity": {"learning_rate": 0.05, "affinity": AffinitySettings(2)},
    "per_task-affinity": {"step": "per_task", "learning_rate": 0.05, "affinity": AffinitySettings(3)},
    "keep-last": {"learning_rate": 0.05, "early_stopping": EarlyStopping("pos", None, "last")},
    "averages": {"learning_rate": 0.05, "average_decay": 0.9, "word_dropout": 0.3},
    "keep-last-averages": {"average_decay": 0.6, "early_stopping": EarlyStopping("pos", None, "last")},
    "scheduled": {
        "learning_rate_schedule": "cosine",
        "warmup_steps": 2,
        "first_batch_size": 3,
        "word_dropout_alpha": 2.0,
    },
    "adadelta": {"optimizer": "adadelta", "learning_rate": 1.0, "step": "per_task", "steps_per_epoch": 7},
}
# An epoch has 5 joint steps, or 10 or 7 steps of one task; a checkpoint is written every 2 steps and after each epoch,
# losses every 3 steps: after, with and before a checkpoint and the end of an epoch.
KILLED = [1, 3, 4, 5, 12]


@pytest.mark.parametrize("settings", RESUMED.values(), ids=RESUMED)
def test_killed_again_and_again_a_run_ends_as_if_left_alone(corpus, tmp_path, settings):
    if settings.get("objective", ObjectiveSettings()).name == "mgda":
        pytest.importorskip("torchjd")
    settings = {**settings, "epochs": 3, "checkpoint_steps": 2, "log_steps": 3}
    whole = new_trainer(corpus, tmp_path / "whole", **settings)
    expected = whole.train()
    for step in KILLED:
        killed_after(new_trainer(corpus, tmp_path / "killed", **settings), step)
    resumed = new_trainer(corpus, tmp_path / "killed", **settings)
    result = resumed.train(resume=True)

    assert_equal_parameters(copy_of(resumed.model), copy_of(whole.model))
    assert replace(result, seconds=0) == replace(expected, seconds=0)
    assert without_speed(resumed) == without_speed(whole)
    epochs, losses = events_of(whole, "epoch"), events_of(whole, "loss")
    assert len(epochs) == 3
    assert [event["step"] for event in losses] == list(range(3, expected.steps + 1, 3))
    if "affinity" in settings:
        assert len(events_of(whole, "affinity")) == expected.steps // settings["affinity"].steps
    if "objective" in settings:  # the weights moved: there was something to resume
        assert len({str(event["weights"]) for event in epochs}) > 1


@pytest.mark.parametrize("optimizer", [{"momentum": 0.9, "learning_rate": 0.05}, RESUMED["joint-adamw"]], ids=str)
@pytest.mark.parametrize("state", ["shared", "per_task"])
def test_a_killed_run_of_sparse_sharing_ends_as_if_left_alone(corpus, tmp_path, optimizer, state):
    settings = {**optimizer, "step": "per_task", "optimizer_state": state, "micro_batch_size": 3, "checkpoint_steps": 2}

    def fresh(name):
        model = new_sparse_model(new_tokenizer(corpus), corpus.tasks)
        return new_trainer(corpus, tmp_path / name, model=model, **settings)

    whole = fresh("whole")
    whole.train()
    for step in (5, 12):
        killed_after(fresh("killed"), step)
    resumed = fresh("killed")
    resumed.train(resume=True)

    assert_equal_parameters(copy_of(resumed.model), copy_of(whole.model))
    assert without_speed(resumed) == without_speed(whole)


def test_a_run_killed_while_it_writes_an_epochs_checkpoint_is_logged_once(corpus, tmp_path):
    first = new_trainer(corpus, tmp_path, epochs=2)

    def die():
        raise Killed

    first._checkpoint = die
    with pytest.raises(Killed):
        first.train()
    resumed = new_trainer(corpus, tmp_path, epochs=2)
    resumed.train(resume=True)

    assert [event["epoch"] for event in resumed.log.read()] == [0, 1]


def test_resuming_goes_on_from_the_last_checkpoint(corpus, tmp_path):
    killed_after(new_trainer(corpus, tmp_path, epochs=3, checkpoint_steps=2), 9)
    resumed = new_trainer(corpus, tmp_path, epochs=3, checkpoint_steps=2)
    trained = []
    train_step = resumed._train_step

    def noted(step):
        trained.append(resumed._progress.step)
        train_step(step)

    resumed._train_step = noted
    resumed.train(resume=True)

    assert trained == list(range(8, 15))


def test_resuming_a_trained_run_trains_no_more(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, epochs=2)
    expected = trainer.train()
    resumed = new_trainer(corpus, tmp_path, epochs=2)
    resumed._train_step = None
    result = resumed.train(resume=True)

    assert replace(result, seconds=0) == replace(expected, seconds=0)
    assert_equal_parameters(copy_of(resumed.model), copy_of(trainer.model))


def test_without_resuming_a_run_begins_anew(corpus, tmp_path):
    settings = {"epochs": 2, "checkpoint_steps": 2}
    killed_after(new_trainer(corpus, tmp_path, **settings), 7)
    again = new_trainer(corpus, tmp_path, **settings)
    again.train()
    whole = new_trainer(corpus, tmp_path.with_name("whole"), **settings)
    whole.train()

    assert_equal_parameters(copy_of(again.model), copy_of(whole.model))
    assert without_speed(again) == without_speed(whole)


def test_a_damaged_checkpoint_is_refused(corpus, tmp_path):
    killed_after(new_trainer(corpus, tmp_path, checkpoint_steps=2), 3)
    trainer = new_trainer(corpus, tmp_path, checkpoint_steps=2)
    path = trainer.checkpoints.latest() / "state.pt"
    path.write_bytes(path.read_bytes()[:1000])

    with pytest.raises(ModelFolderError, match=r"^[^\n]*state\.pt: the checkpoint is damaged[^\n]*$"):
        trainer.train(resume=True)


@pytest.mark.parametrize(
    ("patience", "scores", "best", "epochs"),
    [
        (2, [0.1, 0.5, 0.4, 0.5, 0.9], 1, 4),
        (1, [0.3, 0.2, 0.9, 0.9, 0.9], 0, 2),
        (2, [0.1, 0.0, 0.2, 0.1, 0.3], 4, 5),
        (None, [0.1, 0.9, 0.4, 0.5, 0.2], 1, 5),
    ],
)
def test_training_stops_after_its_patience_and_keeps_the_best_epoch(corpus, tmp_path, patience, scores, best, epochs):
    trainer = new_trainer(corpus, tmp_path, epochs=5, early_stopping=EarlyStopping("pos", patience))
    states = scripted(trainer, scores)
    result = trainer.train()

    assert (result.best_epoch, result.best_score, result.epochs) == (best, scores[best], epochs)
    assert result.steps == 5 * epochs
    assert_equal_parameters(copy_of(trainer.model), states[best])


@pytest.mark.parametrize(("patience", "epochs"), [(None, 5), (2, 4)])
def test_the_last_epoch_is_kept_where_it_is_wanted(corpus, tmp_path, patience, epochs):
    scores = [0.1, 0.5, 0.4, 0.3, 0.2]
    settings = {"epochs": 5, "early_stopping": EarlyStopping("pos", patience, "last")}
    trainer = new_trainer(corpus, tmp_path, **settings)
    states = scripted(trainer, scores)
    result = trainer.train()

    assert (result.best_epoch, result.best_score, result.epochs) == (epochs - 1, scores[epochs - 1], epochs)
    assert_equal_parameters(copy_of(trainer.model), states[epochs - 1])
    resumed = new_trainer(corpus, tmp_path, **settings)
    assert replace(resumed.train(resume=True), seconds=0) == replace(result, seconds=0)
    assert_equal_parameters(copy_of(resumed.model), states[epochs - 1])


def test_by_default_the_mean_of_all_tasks_decides(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, epochs=1)
    rows = trainer.evaluate("validation")
    values = [main_score(rows, task).value for task in corpus.tasks]

    assert trainer._development_score(rows) == pytest.approx(sum(values) / len(values))


@pytest.mark.parametrize(("metric", "weights"), [("chunk", (0, 1)), ({"pos": 1, "chunk": 3}, (0.25, 0.75))])
def test_the_scores_that_are_named_decide_by_their_weights(corpus, tmp_path, metric, weights):
    trainer = new_trainer(corpus, tmp_path, epochs=1, early_stopping=EarlyStopping(metric))
    result = trainer.train()
    rows = trainer.evaluate("validation")
    values = [main_score(rows, task).value for task in corpus.tasks]

    assert result.best_score == pytest.approx(sum(w * v for w, v in zip(weights, values, strict=True)))
    assert trainer.log.read()[0]["score"] == result.best_score


@pytest.fixture(scope="module")
def lengths():
    """A regression task: the length of each word."""
    words = ["a", "bb", "ccc", "dddd", "eeeee", "ffffff"]

    def some(first, count):
        texts = [" ".join(words[(first + i + k) % 6] for k in range(1 + i % 4)) for i in range(count)]
        return [sentence(text, i, length=[float(len(word)) for word in text.split()]) for i, text in enumerate(texts)]

    return corpus_of([LENGTH], train=some(0, 24), validation=some(1, 8), test=some(2, 8))


def test_of_errors_the_smallest_is_the_best(lengths, tmp_path):
    trainer = new_trainer(lengths, tmp_path, epochs=6, learning_rate=0.05, early_stopping=EarlyStopping("length", None))
    result = trainer.train()
    errors = [event["validation"]["length"] for event in trainer.log.read()]

    assert result.best_score == -min(errors)
    assert result.best_epoch == errors.index(min(errors))
    assert min(errors) < 0.5 * errors[0]
    assert main_score(trainer.evaluate("validation"), LENGTH).value == pytest.approx(min(errors))


@pytest.mark.parametrize("split", ["train", "validation"])
def test_a_task_without_labels_is_refused(tmp_path, split):
    splits = {name: [sentence("a b", 0, pos=["D", "N"], length=[1.0, 1.0])] for name in ("train", "validation")}
    splits[split] = [sentence("a b", 0, pos=["D", "N"], length=[None, None])]

    with pytest.raises(UserError) as caught:
        new_trainer(corpus_of([POS, LENGTH], **splits), tmp_path)
    assert str(caught.value) == f"split {split!r}: no sentence has a label of task 'length'; it cannot be trained"


def test_a_tokenizer_of_other_features_is_refused(corpus, tmp_path):
    model = new_model(new_tokenizer(corpus), corpus.tasks, word_features=["norm", "shape"])
    with pytest.raises(UserError, match=r"^word_features: the tokenizer tells no features of words, "):
        new_trainer(corpus, tmp_path, model=model)


def test_a_missing_split_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"^split 'validation': the corpus has none; "):
        new_trainer(corpus_of([POS], train=[sentence("a", pos=["D"])]), tmp_path)


@pytest.mark.parametrize("metric", ["ner", {"pos": 1, "ner": 2}])
def test_an_unknown_task_to_stop_by_is_refused(corpus, tmp_path, metric):
    with pytest.raises(UserError, match=r"^early_stopping\.metric: 'ner' is none of the tasks pos, chunk$"):
        new_trainer(corpus, tmp_path, early_stopping=EarlyStopping(metric))


def head_of(state, task):
    return {name: value for name, value in state.items() if name.startswith(f"heads.{task}.")}


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


def test_a_step_of_one_task_leaves_the_other_heads_alone(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, step="per_task", optimizer="adamw", weight_decay=0.1)
    trained = {"pos": 0, "chunk": 0}
    for step in trainer.planner.epoch(0):
        before = copy_of(trainer.model)
        trainer.model.train()
        trainer._train_step(step)
        after = copy_of(trainer.model)
        for number, task in enumerate(trained):
            assert same(head_of(before, number), head_of(after, number)) == ((task,) != step.tasks)
            trained[task] += (task,) == step.tasks

    assert min(trained.values()) == 5


def test_sentences_that_lack_a_layer_train_the_others(tmp_path):
    some = [sentence("the dog barks", i, pos=["D", "N", "V"]) for i in range(6)]
    both = [sentence("a cat", i, pos=["D", "N"], length=[1.0, 3.0]) for i in range(6, 8)]
    none = [sentence("of", 9)]
    corpus = corpus_of([POS, LENGTH], train=some + both + none, validation=both)
    trainer = new_trainer(corpus, tmp_path, batch_size=4, epochs=1)
    before = copy_of(trainer.model)
    trainer.model.train()
    trainer._train_step(Step(("pos", "length"), np.arange(6)))
    after = copy_of(trainer.model)

    assert not same(head_of(before, 0), head_of(after, 0))
    assert same(head_of(before, 1), head_of(after, 1))
    trainer = new_trainer(corpus, tmp_path, batch_size=4, epochs=1)
    trainer.train()
    assert set(trainer.log.read()[0]["losses"]) == {"pos", "length", "penalty"}
    assert 8 not in {number for step in trainer.planner.epoch(0) for number in step.sentences.tolist()}


def gradients_of_a_step(tasks, corpus, folder, **settings):
    """The change of each parameter in one step of plain gradient descent with rate 1."""
    tokenizer = new_tokenizer(corpus)
    model = new_model(tokenizer, tasks, seed=3, noise=0.0, orthogonality_weight=0.0)
    trainer = new_trainer(
        corpus, folder, model=model, tasks=tasks, learning_rate=1.0, max_grad_norm=None, batch_size=64, **settings
    )
    before = copy_of(model)
    trainer._train_step(trainer.planner.epoch(0)[0])
    return {name: before[name] - value for name, value in copy_of(model).items()}


def test_the_weight_of_a_task_scales_its_gradient(corpus, tmp_path):
    pos, chunk = corpus.tasks
    plain = gradients_of_a_step((pos, chunk), corpus, tmp_path / "plain")
    weighted = gradients_of_a_step((pos, replace(chunk, weight=0.25)), corpus, tmp_path / "weighted")

    for name, value in head_of(plain, 0).items():
        assert torch.equal(weighted[name], value)
    for name, value in head_of(plain, 1).items():
        torch.testing.assert_close(weighted[name], 0.25 * value, rtol=1e-3, atol=1e-7)


def test_the_gradient_is_that_of_the_mean_loss_of_the_batch(corpus, tmp_path):
    found = gradients_of_a_step(corpus.tasks, corpus, tmp_path)
    model = new_model(new_tokenizer(corpus), corpus.tasks, seed=3, noise=0.0, orthogonality_weight=0.0)
    trainer = new_trainer(corpus, tmp_path / "other", model=model, batch_size=64)
    step = trainer.planner.epoch(0)[0]
    model.train()
    model(**trainer.split("train").batch(step.sentences, step.tasks)).loss.backward()

    for name, parameter in model.named_parameters():
        torch.testing.assert_close(found[name], parameter.grad, rtol=1e-3, atol=1e-6)


def test_gradients_are_clipped(corpus, tmp_path):
    tokenizer = new_tokenizer(corpus)
    model = new_model(tokenizer, corpus.tasks)
    trainer = new_trainer(corpus, tmp_path, model=model, learning_rate=1.0, max_grad_norm=0.01)
    before = copy_of(model)
    trainer._train_step(trainer.planner.epoch(0)[0])
    moved = torch.cat([(before[name] - value).flatten() for name, value in copy_of(model).items()])

    assert moved.norm() == pytest.approx(0.01, rel=1e-2)


def test_every_step_has_the_learning_rate_of_the_settings(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, epochs=2, learning_rate=0.5, learning_rate_decay=1.0, warmup_steps=2)
    rates = []
    train_step = trainer._train_step

    def noted(step):
        train_step(step)
        rates.append(trainer._optimizer.param_groups[0]["lr"])

    trainer._train_step = noted
    trainer.train()

    assert rates == [0.25, *[0.5] * 4, *[0.25] * 5]


def test_each_epoch_is_logged(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, epochs=2, early_stopping=EarlyStopping("pos"))
    trainer.train()

    for number, event in enumerate(trainer.log.read()):
        assert (event["event"], event["epoch"], event["step"]) == ("epoch", number, 5 * (number + 1))
        assert set(event["losses"]) == {"pos", "chunk", "penalty"}
        assert event["weights"] == {"pos": 1.0, "chunk": 1.0}
        assert set(event["validation"]) == {"pos", "chunk"}
        assert event["score"] == event["validation"]["pos"]
        assert event["tokens_per_second"] > 0


@pytest.mark.parametrize("settings", [{"step": "joint"}, {"step": "per_task", "sampling": "proportional"}], ids=str)
def test_losses_are_logged_as_means_since_the_line_before(corpus, tmp_path, settings):
    trainer = new_trainer(corpus, tmp_path, epochs=2, log_steps=3, **settings)
    since, expected = [], []
    train = trainer._steps.train

    def noted(step, progress):
        before = dict(progress.losses.sums)
        train(step, progress)
        since.append({name: float(total - before.get(name, 0)) for name, total in progress.losses.sums.items()
                      if name in step.tasks})  # fmt: skip
        if progress.step % 3 == 0:
            of_tasks = {task: [losses[task] for losses in since if task in losses] for task in ("pos", "chunk")}
            expected.append({task: sum(of) / len(of) for task, of in of_tasks.items() if of})
            since.clear()

    trainer._steps.train = noted
    trainer.train()
    lines = events_of(trainer, "loss")

    assert [line["step"] for line in lines] == list(range(3, trainer._progress.step + 1, 3))
    assert [line["losses"] for line in lines] == [pytest.approx(losses, rel=1e-4) for losses in expected]
    assert [set(line) for line in lines] == [{"event", "step", "losses"}] * len(lines)
    assert settings["step"] == "joint" or any(len(losses) < 2 for losses in expected)


def test_lines_of_losses_stand_where_they_belong_among_the_epochs(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path, epochs=2, log_steps=5)
    trainer.train()
    lines = trainer.log.read()

    assert [(line["event"], line["step"]) for line in lines] == [("loss", 5), ("epoch", 5), ("loss", 10), ("epoch", 10)]
    for loss, epoch in zip(lines[::2], lines[1::2], strict=True):
        assert loss["losses"] == {name: epoch["losses"][name] for name in ("pos", "chunk")}


def test_logging_losses_changes_nothing_of_the_run(corpus, tmp_path):
    with_lines, without = (new_trainer(corpus, tmp_path / str(steps), log_steps=steps, epochs=2) for steps in (1, None))
    for trainer in (with_lines, without):
        trainer.train()

    assert_equal_parameters(copy_of(with_lines.model), copy_of(without.model))
    assert events_of(with_lines, "epoch") == without_speed(without)


@pytest.mark.parametrize("kind", ["sluice", "sparse"])
@pytest.mark.parametrize("settings", [{"step": "joint"}, {"step": "per_task", "optimizer": "adamw"}], ids=str)
def test_measuring_affinity_changes_nothing_of_the_run(corpus, tmp_path, settings, kind):
    trainers = []
    for affinity in (AffinitySettings(2), None):
        model = {"sluice": new_model, "sparse": new_sparse_model}[kind](new_tokenizer(corpus), corpus.tasks)
        trainers.append(new_trainer(corpus, tmp_path / str(affinity), model=model, affinity=affinity, **settings))
    states = []
    for trainer in trainers:
        trainer.train()
        states.append(torch.get_rng_state())

    assert_equal_parameters(*(copy_of(trainer.model) for trainer in trainers))
    assert torch.equal(*states)
    assert events_of(trainers[0], "epoch") == without_speed(trainers[1])
    lines = events_of(trainers[0], "affinity")
    assert [line["step"] for line in lines] == list(range(2, trainers[0]._progress.step + 1, 2))
    assert {frozenset(line["affinity"]) for line in lines} == {frozenset({"pos", "chunk"})}


def test_affinity_of_one_task_is_refused(corpus, tmp_path):
    with pytest.raises(UserError) as caught:
        new_trainer(corpus, tmp_path, tasks=corpus.tasks[:1], affinity=AffinitySettings())
    assert str(caught.value) == "training.affinity: is measured between tasks, and 'pos' is the only one"


@pytest.mark.parametrize("step", ["joint", "per_task"])
def test_a_budget_of_steps_is_kept_whatever_the_size_of_the_data(tmp_path, step):
    for size in (10, 40):
        trainer = new_trainer(demo(train=size), tmp_path / str(size), epochs=3, steps_per_epoch=4, step=step)
        assert trainer.train().steps == 12
        assert [event["step"] for event in trainer.log.read()] == [4, 8, 12]


def test_scores_are_those_of_the_predictions(corpus, tmp_path):
    trainer = new_trainer(corpus, tmp_path)
    rows = trainer.evaluate("test")
    right = total = 0
    for example in corpus["test"]:
        words = new_tokenizer(corpus).encode_words([example["tokens"]])
        with torch.no_grad():
            found = trainer.model.eval()(**words.batch([0])).logits["pos"][0].argmax(-1).tolist()
        right += sum(one == other for one, other in zip(found, example["pos"], strict=True))
        total += len(found)

    row = main_score(rows, corpus.tasks[0])
    assert (row.value, row.support) == (pytest.approx(right / total), total)
    assert {row.domain for row in rows} == {"all", "macro", "news", "chat", "travel", "recipes"}


def test_the_test_split_is_not_read_in_training(corpus, tmp_path):
    without = {name: corpus[name] for name in ("train", "validation")}
    trainer = new_trainer(corpus, tmp_path / "with", epochs=1)
    trainer.train()
    tokenizer = new_tokenizer(corpus)
    other = MultiTaskTrainer(
        new_model(tokenizer, corpus.tasks), tokenizer, without, corpus.tasks, trainer.settings, tmp_path / "without"
    )
    other.train()

    assert_equal_parameters(copy_of(trainer.model), copy_of(other.model))
    with pytest.raises(UserError, match=r"^split 'test': the corpus has none"):
        other.evaluate("test")


def test_trackers_get_losses_and_scores(corpus, tmp_path):
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    trainer = new_trainer(corpus, tmp_path, epochs=2, trackers=["tensorboard"])
    trainer.train()
    found = reader.EventAccumulator(str(tmp_path / "hf_sluice")).Reload()

    assert set(found.Tags()["scalars"]) == {
        "loss/pos", "loss/chunk", "loss/penalty", "weight/pos", "weight/chunk", "validation/pos", "validation/chunk",
    }  # fmt: skip
    events = trainer.log.read()
    assert [point.step for point in found.Scalars("loss/pos")] == [event["step"] for event in events]
    assert [point.value for point in found.Scalars("validation/pos")] == pytest.approx(
        [event["validation"]["pos"] for event in events]
    )


@pytest.mark.parametrize("constrained", [False, True])
@pytest.mark.parametrize("decoder", DECODERS)
def test_models_of_every_decoder_learn_and_are_scored_by_what_they_decode(corpus, tmp_path, decoder, constrained):
    tokenizer = new_tokenizer(corpus)
    model = new_model(tokenizer, corpus.tasks, decoder=decoder, constrained_decoding=constrained)
    trainer = new_trainer(corpus, tmp_path, model=model, epochs=4)
    trainer.train()
    first, *_, last = [event["losses"] for event in trainer.log.read() if event["event"] == "epoch"]

    assert all(last[task] < 0.9 * first[task] for task in ("pos", "chunk"))
    words = tokenizer.encode_words(corpus["train"]["tokens"][:])
    labels = corpus.tasks[1].labels
    found = [[labels[i] for i in values["chunk"]] for _, values in predict_words(model, words, ["chunk"])]
    assert not constrained or all(is_valid(sequence, corpus.tasks[1].scheme) for sequence in found)
