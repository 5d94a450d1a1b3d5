from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.objectives.fixed import FixedWeights
from hf_sluice.training.one_process import OneProcess
from hf_sluice.training.optimization import make_optimizer
from hf_sluice.training.progress import TrainingProgress
from hf_sluice.training.sampling import Step
from hf_sluice.training.settings import TrainingSettings
from hf_sluice.training.step import StepTrainer
from hf_sluice.training.step_optimizer import PerTaskState, SharedState, make_step_optimizer
from tests.training.sparse_training import disjoint_masks, new_sparse_model, subnet, whole_masks
from tests.training.tiny_training import assert_equal_parameters, copy_of, demo, new_model, new_tokenizer

TASKS = ("pos", "chunk", "ner")
SGD = {"optimizer": "sgd", "momentum": 0.9, "weight_decay": 0.1, "learning_rate": 0.2}
ADAMW = {"optimizer": "adamw", "weight_decay": 0.1, "learning_rate": 0.02}
ADADELTA = {"optimizer": "adadelta", "weight_decay": 0.1, "learning_rate": 1.0}
OPTIMIZERS = {"sgd": SGD, "adamw": ADAMW, "adadelta": ADADELTA}
STATES = ("shared", "per_task")


@pytest.fixture(scope="module")
def corpus():
    return demo(train=24, tasks=TASKS)


@pytest.fixture(scope="module")
def tokenizer(corpus):
    return new_tokenizer(corpus)


@pytest.fixture(scope="module")
def split(corpus, tokenizer):
    return encode_split(corpus["train"], tokenizer, corpus.tasks)


class Measuring(OneProcess):
    """Keeps the gradients that were clipped, as they were before, and their norm."""

    def clip_grad_norm_(self, parameters, max_norm):
        parameters = list(parameters)
        self.gradients = [None if p.grad is None else p.grad.clone() for p in parameters]
        self.norm = super().clip_grad_norm_(parameters, max_norm)
        return self.norm


class Training:
    """A model that is trained on whatever batch is given; a step takes its noise from its number."""

    def __init__(self, corpus, split, model, **settings):
        self.settings = TrainingSettings(**{"step": "per_task", **settings})
        self.model, self.processes = model, Measuring()
        self.optimizer = make_step_optimizer(model, TASKS, self.settings)
        objective = FixedWeights(corpus.tasks, self.processes)
        self.steps = StepTrainer(model, self.optimizer, objective, split, self.settings, self.processes, 0)
        self.progress = TrainingProgress()
        model.train()

    def step(self, *tasks, sentences=range(8), number=None):
        if number is not None:
            self.progress.step = number
        self.steps.train(Step(tasks, np.array(sentences)), self.progress)


def batches(seed, count=9):
    """Tasks in random order, each with a batch of its own."""
    random = np.random.default_rng(seed)
    order = random.permutation(np.repeat(TASKS, count // len(TASKS)))
    return [(str(task), random.choice(24, size=7, replace=False)) for task in order]


def assert_moved_within(model, before, tasks):
    """Weights of the tasks' subnets have moved, all others and the other tasks' heads not by a bit."""
    after, within = copy_of(model), subnet(model, tasks)
    for name, mask in within.items():
        assert torch.equal(before[name][~mask], after[name][~mask]), name
        assert (before[name] != after[name])[mask].all(), name
    for number, task in enumerate(TASKS):
        names = [name for name in after if name.startswith(f"heads.{number}.")]
        assert names
        for name in names:
            assert torch.equal(before[name], after[name]) == (task not in tasks), name


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("max_grad_norm", [None, 0.05])
@pytest.mark.parametrize("micro_batch_size", [None, 3])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_leaves_all_weights_outside_its_subnet_as_they_were(
    corpus, tokenizer, split, optimizer, state, micro_batch_size, max_grad_norm, seed
):
    model = new_sparse_model(tokenizer, corpus.tasks, seed)
    training = Training(
        corpus, split, model, optimizer_state=state, micro_batch_size=micro_batch_size, max_grad_norm=max_grad_norm,
        **OPTIMIZERS[optimizer],
    )  # fmt: skip
    for task, sentences in batches(seed):
        before = copy_of(model)
        training.step(task, sentences=sentences)
        assert_moved_within(model, before, [task])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_of_all_tasks_moves_the_union_of_their_subnets(corpus, tokenizer, split, optimizer):
    model = new_sparse_model(tokenizer, corpus.tasks)
    training = Training(corpus, split, model, step="joint", **OPTIMIZERS[optimizer])
    assert any(not mask.all() for mask in subnet(model, TASKS).values())
    for _, sentences in batches(0, count=3):
        before = copy_of(model)
        training.step(*TASKS, sentences=sentences)
        assert_moved_within(model, before, TASKS)


def states_outside(optimizer, task):
    """What the optimiser keeps of weights that do not belong to a task, by parameter and block."""
    row, state = TASKS.index(task), optimizer._optimizer.state
    return {
        (name, number): copy.deepcopy(state.get(block.weights))
        for name, weights in optimizer._masked.items()
        for number, block in enumerate(weights._blocks)
        if row not in block.members
    }


def same_state(one, other):
    if one is None or other is None:
        return one is other
    return one.keys() == other.keys() and all(
        torch.equal(one[key], other[key]) if isinstance(one[key], torch.Tensor) else one[key] == other[key]
        for key in one
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_leaves_what_is_kept_of_weights_outside_its_subnet_as_it_was(corpus, tokenizer, split, optimizer):
    model = new_sparse_model(tokenizer, corpus.tasks)
    training = Training(corpus, split, model, optimizer_state="shared", **OPTIMIZERS[optimizer])
    for task, sentences in batches(1):
        before = states_outside(training.optimizer, task)
        training.step(task, sentences=sentences)
        after = states_outside(training.optimizer, task)
        assert before
        assert [key for key in before if not same_state(before[key], after[key])] == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_step_leaves_the_states_of_the_other_tasks_as_they_were(corpus, tokenizer, split, optimizer):
    training = Training(
        corpus, split, new_sparse_model(tokenizer, corpus.tasks), optimizer_state="per_task", **OPTIMIZERS[optimizer]
    )
    for task, sentences in batches(1):
        before = copy.deepcopy(training.optimizer.state_dict())
        training.step(task, sentences=sentences)
        for name, state in training.optimizer.state_dict().items():
            old = before[name]["state"]
            same = old.keys() == state["state"].keys() and all(same_state(old[k], state["state"][k]) for k in old)
            assert same == (name != task)


def train_subnet_and_head_only(model):
    """Holds still what all tasks share whatever their masks are."""
    masked = subnet(model, TASKS)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in masked or name.startswith("heads."))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_disjoint_subnets_are_trained_as_if_each_were_alone(corpus, tokenizer, split, optimizer, state):
    together, *alone = (new_sparse_model(tokenizer, corpus.tasks, masks=disjoint_masks) for _ in range(4))
    settings = {"optimizer_state": state, "max_grad_norm": 0.5, **OPTIMIZERS[optimizer]}
    for model in (together, *alone):
        train_subnet_and_head_only(model)
    all_steps = Training(corpus, split, together, **settings)
    own_steps = dict(zip(TASKS, (Training(corpus, split, model, **settings) for model in alone), strict=True))
    for number, (task, sentences) in enumerate(batches(2, count=12)):
        all_steps.step(task, sentences=sentences, number=number)
        own_steps[task].step(task, sentences=sentences, number=number)

    for number, model in enumerate(alone):
        own = subnet(model, [TASKS[number]])
        for name, value in together.state_dict().items():
            if name in own:
                assert torch.equal(value[own[name]], model.state_dict()[name][own[name]])
            if name.startswith(f"heads.{number}."):
                assert torch.equal(value, model.state_dict()[name])


@pytest.mark.parametrize(("state", "moves"), [("shared", True), ("per_task", False)])
def test_momentum_of_another_task_moves_what_is_shared_where_the_state_is(corpus, tokenizer, split, state, moves):
    model = new_sparse_model(tokenizer, corpus.tasks)
    training = Training(corpus, split, model, optimizer_state=state, momentum=0.9)
    training.step("pos")
    before = copy_of(model)
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    training.optimizer.step(["chunk"])
    after, both = copy_of(model), subnet(model, ["pos"])

    for name, chunk in subnet(model, ["chunk"]).items():
        moved = before[name] != after[name]
        assert not moved[~(both[name] & chunk)].any()
        assert moved[both[name] & chunk].any() == moves


def gradients_of(training, task, sentences):
    """Those of a batch, added to what there is; as in a step, without the step."""
    training.steps._add_gradients(
        [{**training.steps.inputs(np.array(sentences), [task]), "tasks": [task]}], [task], noise=5
    )
    return {n: None if p.grad is None else p.grad.clone() for n, p in training.model.named_parameters()}


def test_the_gradient_of_a_batch_of_each_task_is_the_sum_of_theirs_to_the_bit(corpus, tokenizer, split):
    training = Training(corpus, split, new_sparse_model(tokenizer, corpus.tasks))
    given = dict(zip(TASKS, np.arange(24).reshape(3, 8), strict=True))
    single = []
    for task, sentences in given.items():
        single.append(gradients_of(training, task, sentences))
        training.optimizer.zero_grad()
    for task, sentences in given.items():
        accumulated = gradients_of(training, task, sentences)

    for name, gradient in accumulated.items():
        parts = [of[name] for of in single if of[name] is not None]
        assert torch.equal(gradient, sum(parts[1:], start=parts[0])), name


def test_accumulated_batches_of_two_tasks_move_their_subnets_by_the_sum(corpus, tokenizer, split):
    model = new_sparse_model(tokenizer, corpus.tasks)
    training = Training(corpus, split, model, optimizer_state="shared", learning_rate=0.5, weight_decay=0.0)
    gradients_of(training, "pos", range(8))
    total = gradients_of(training, "ner", range(8, 16))
    before = copy_of(model)
    training.optimizer.step(["ner", "pos"])

    within = subnet(model, ["pos", "ner"])
    for name, parameter in model.named_parameters():
        gradient = total[name]
        expected = before[name] if gradient is None else before[name] - 0.5 * gradient
        torch.testing.assert_close(parameter.detach(), expected, rtol=0, atol=1e-7)
        if name in within:
            assert torch.equal(parameter[~within[name]], before[name][~within[name]])
            assert (gradient[~within[name]] == 0).all()


@pytest.mark.parametrize("task", TASKS)
def test_the_norm_that_is_clipped_is_that_of_the_subnet(corpus, tokenizer, split, task):
    model = new_sparse_model(tokenizer, corpus.tasks)
    training = Training(corpus, split, model, max_grad_norm=0.01)
    training.step(task)
    within = subnet(model, [task])
    parts = []
    for (name, _), gradient in zip(model.named_parameters(), training.processes.gradients, strict=True):
        if gradient is not None:
            parts.append(gradient[within[name]] if name in within else gradient.flatten())

    assert training.processes.norm > 0.01
    assert training.processes.norm.item() == pytest.approx(torch.cat(parts).norm().item(), rel=1e-6)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("state", STATES)
def test_weights_of_other_tasks_have_no_part_in_a_step(corpus, tokenizer, split, optimizer, state):
    changes = []
    for factor in (1.0, -1e6):
        model = new_sparse_model(tokenizer, corpus.tasks)
        within = subnet(model, ["chunk"])
        with torch.no_grad():
            for name, mask in within.items():
                weights = model.get_parameter(name)
                weights.copy_(torch.where(mask, weights, factor * weights))
        training = Training(corpus, split, model, optimizer_state=state, max_grad_norm=0.05, **OPTIMIZERS[optimizer])
        for number in range(3):
            training.step("chunk", number=number)
        changes.append({n: v[within[n]] if n in within else v for n, v in copy_of(model).items()})

    assert_equal_parameters(*changes)


@pytest.mark.parametrize("step", ["joint", "per_task"])
def test_masks_that_keep_everything_leave_the_parameters_whole(corpus, tokenizer, step):
    model = new_sparse_model(tokenizer, corpus.tasks, masks=whole_masks)
    settings = TrainingSettings(step=step, optimizer_state="shared")
    found = make_step_optimizer(model, TASKS, settings).param_groups
    expected = make_optimizer(model.named_parameters(), settings).param_groups

    assert [list(map(id, group["params"])) for group in found] == [list(map(id, group["params"])) for group in expected]


@pytest.mark.parametrize(
    ("step", "given", "kind"),
    [
        ("per_task", None, PerTaskState),
        ("per_task", "shared", SharedState),
        ("per_task", "per_task", PerTaskState),
        ("joint", None, SharedState),
        ("joint", "shared", SharedState),
    ],
)
def test_sparse_sharing_has_a_state_per_task_where_steps_allow_it(corpus, tokenizer, step, given, kind):
    model = new_sparse_model(tokenizer, corpus.tasks)
    assert type(make_step_optimizer(model, TASKS, TrainingSettings(step=step, optimizer_state=given))) is kind


@pytest.mark.parametrize(("given", "kind"), [(None, SharedState), ("per_task", PerTaskState)])
def test_other_models_share_their_state_unless_it_is_wanted_otherwise(corpus, tokenizer, given, kind):
    model = new_model(tokenizer, corpus.tasks)
    assert type(make_step_optimizer(model, TASKS, TrainingSettings(step="per_task", optimizer_state=given))) is kind


def test_steps_of_other_tasks_are_refused(corpus, tokenizer):
    model = new_sparse_model(tokenizer, corpus.tasks)
    joint = make_step_optimizer(model, TASKS, TrainingSettings(step="joint"))
    per_task = make_step_optimizer(model, TASKS, TrainingSettings(step="per_task"))

    with pytest.raises(ValueError, match=r"^tasks pos: the optimiser was made for other steps$"):
        joint.step(["pos"])
    with pytest.raises(ValueError, match=r"^tasks pos, ner: with optimizer_state per_task, a step trains one task$"):
        per_task.step(["pos", "ner"])


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_kept_is_enough_to_go_on(corpus, tokenizer, split, optimizer, state):
    settings = {"optimizer_state": state, **OPTIMIZERS[optimizer]}
    whole = Training(corpus, split, new_sparse_model(tokenizer, corpus.tasks), **settings)
    given = batches(4, count=12)
    for number, (task, sentences) in enumerate(given):
        if number == 6:
            kept = copy.deepcopy((copy_of(whole.model), whole.optimizer.state_dict()))
        whole.step(task, sentences=sentences, number=number)
    resumed = Training(corpus, split, new_sparse_model(tokenizer, corpus.tasks), **settings)
    resumed.model.load_state_dict(kept[0])
    resumed.optimizer.load_state_dict(kept[1])
    for number, (task, sentences) in enumerate(given[6:], start=6):
        resumed.step(task, sentences=sentences, number=number)

    assert_equal_parameters(copy_of(resumed.model), copy_of(whole.model))


def test_all_gradients_are_cleared(corpus, tokenizer, split):
    for state in STATES:
        training = Training(corpus, split, new_sparse_model(tokenizer, corpus.tasks), optimizer_state=state)
        training.step("pos")
        assert [p.grad for p in training.model.parameters()] == [None] * len(list(training.model.parameters()))
