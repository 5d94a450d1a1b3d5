from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.errors import UserError
from hf_sluice.training.sampling import JointPlanner, PerTaskPlanner, make_planner, total_steps
from hf_sluice.training.settings import TrainingSettings
from tests.training.tiny_training import SplitOfLengths

SIZE = 40


def split_of(**sentences):
    return SplitOfLengths(np.arange(SIZE) % 7 + 1, **sentences)


@st.composite
def splits(draw):
    """A split whose tasks have some of its sentences each, at least one."""
    numbers = st.lists(st.integers(0, SIZE - 1), min_size=1, unique=True).map(sorted)
    return split_of(**{task: draw(numbers) for task in draw(st.sampled_from(["a", "ab", "abc"]))})


def planner_of(split, seed=0, **settings):
    tasks = list(split._sentences)
    return make_planner(split, tasks, TrainingSettings(**{"batch_size": 4, "bucket_size": 3, **settings}), seed)


TOKENS = {"batch_size": 32, "batch_tokens": 17}


def longest(split, step):
    return split.words.lengths[step.sentences].max()


def reached(steps):
    """How often a step trains a task on a sentence."""
    return Counter((task, sentence) for step in steps for task in step.tasks for sentence in step.sentences.tolist())


def plain(steps):
    return [(step.tasks, step.sentences.tolist()) for step in steps]


def labelled(split):
    return Counter((task, int(sentence)) for task, numbers in split._sentences.items() for sentence in numbers)


def steps_of(steps):
    return Counter(step.tasks[0] for step in steps)


def test_the_settings_choose_the_planner():
    split = split_of(a=[1])
    assert isinstance(planner_of(split, step="joint"), JointPlanner)
    assert isinstance(planner_of(split, step="per_task"), PerTaskPlanner)


@given(splits(), st.integers(0, 3), st.integers(0, 5))
def test_joint_steps_reach_every_labelled_sentence_once_an_epoch(split, seed, epoch):
    steps = planner_of(split, seed, step="joint").epoch(epoch)
    sentences = np.concatenate([step.sentences for step in steps])

    assert sorted(sentences) == sorted({s for numbers in split._sentences.values() for s in numbers.tolist()})
    assert {step.tasks for step in steps} == {tuple(split._sentences)}


@given(splits(), st.integers(0, 3), st.integers(0, 5))
def test_proportional_steps_reach_every_sentence_of_every_task_once_an_epoch(split, seed, epoch):
    steps = planner_of(split, seed, step="per_task", sampling="proportional").epoch(epoch)

    assert reached(steps) == labelled(split)


@given(st.integers(1, SIZE), st.sampled_from(["a", "ab", "abc"]), st.integers(0, 5))
def test_uniform_steps_over_tasks_of_equal_size_reach_everything_once_an_epoch(size, tasks, epoch):
    split = split_of(**{task: (np.arange(size) + i) % SIZE for i, task in enumerate(tasks)})
    steps = planner_of(split, step="per_task", sampling="uniform").epoch(epoch)

    assert reached(steps) == labelled(split)


@given(splits(), st.integers(0, 3), st.integers(0, 5), st.sampled_from(["joint", "per_task"]))
def test_epochs_of_token_batches_reach_everything_once(split, seed, epoch, step):
    steps = planner_of(split, seed, step=step, sampling="proportional", **TOKENS).epoch(epoch)

    if step == "per_task":
        assert reached(steps) == labelled(split)
    else:
        sentences = np.concatenate([step.sentences for step in steps])
        assert sorted(sentences) == sorted({s for numbers in split._sentences.values() for s in numbers.tolist()})
    assert all(len(s.sentences) == 1 or len(s.sentences) * longest(split, s) <= 17 for s in steps)


@given(splits(), st.sampled_from(["joint", "per_task"]), st.integers(3, 25))
def test_token_batches_come_in_epochs_of_a_fixed_number_of_steps_too(split, step, steps):
    planner, whole = (planner_of(split, step=step, **TOKENS, **fixed) for fixed in ({"steps_per_epoch": steps}, {}))

    assert [len(planner.epoch(epoch)) for epoch in range(3)] == [steps] * 3
    assert plain(planner.epoch(2)) == plain(planner_of(split, step=step, **TOKENS, steps_per_epoch=steps).epoch(2))
    if step == "joint":
        walks = [[s.sentences.tolist() for epoch in range(3 * steps) for s in p.epoch(epoch)] for p in (planner, whole)]
        assert walks[0][: len(walks[1])] == walks[1][: len(walks[0])]


@given(splits(), st.sampled_from(["uniform", "proportional", "temperature"]), st.integers(0, 3))
def test_a_step_trains_one_task_on_sentences_that_carry_it(split, sampling, epoch):
    for step in planner_of(split, step="per_task", sampling=sampling).epoch(epoch):
        assert len(step.tasks) == 1
        assert set(step.sentences.tolist()) <= set(split._sentences[step.tasks[0]].tolist())


@given(splits(), st.sampled_from(["uniform", "proportional", "temperature"]), st.integers(0, 3))
def test_an_epoch_has_as_many_steps_as_there_are_batches(split, sampling, epoch):
    steps = planner_of(split, step="per_task", sampling=sampling).epoch(epoch)

    assert len(steps) == sum(-(-len(numbers) // 4) for numbers in split._sentences.values())


@given(splits(), st.integers(0, 3))
def test_uniform_steps_are_as_many_for_every_task(split, epoch):
    counts = steps_of(planner_of(split, step="per_task", sampling="uniform").epoch(epoch))

    assert max(counts.values()) - min(counts[task] for task in split._sentences) <= 1


@given(splits(), st.sampled_from(["uniform", "proportional", "temperature"]))
def test_a_task_walks_through_whole_passes_across_epochs(split, sampling):
    planner = planner_of(split, step="per_task", sampling=sampling)
    for task, sentences in split._sentences.items():
        walked = [step.sentences for epoch in range(7) for step in planner.epoch(epoch) if step.tasks == (task,)]
        in_pass = -(-len(sentences) // 4)
        for start in range(0, len(walked), in_pass):
            batches = walked[start : start + in_pass]
            numbers = np.concatenate(batches).tolist()
            assert len(set(numbers)) == len(numbers)
            if len(batches) == in_pass:
                assert sorted(numbers) == sorted(sentences)


STEPS = st.sampled_from(["joint", "per_task"])


@given(splits(), STEPS, st.integers(3, 25), st.integers(0, 6))
def test_an_epoch_has_as_many_steps_as_it_is_told(split, step, steps, epoch):
    assert len(planner_of(split, step=step, steps_per_epoch=steps).epoch(epoch)) == steps


@given(splits(), STEPS, st.sampled_from([3, 5, 9, 14]))
def test_a_fixed_number_of_steps_cuts_the_same_walk_into_other_epochs(split, step, steps):
    whole, cut = planner_of(split, step=step), planner_of(split, step=step, steps_per_epoch=steps)
    for tasks in {step.tasks for step in cut.epoch(0)}:
        walks = [
            [step.sentences.tolist() for epoch in range(epochs) for step in planner.epoch(epoch) if step.tasks == tasks]
            for planner, epochs in ((whole, 60), (cut, 4))
        ]
        assert walks[1] == walks[0][: len(walks[1])]
        assert walks[1]


def test_what_an_epoch_holds_anyway_changes_nothing_when_it_is_said():
    split = split_of(a=np.arange(9), b=np.arange(9, 40))
    for settings in ({"step": "joint"}, {"step": "per_task"}, {"step": "per_task", "sampling": "temperature"}):
        usual = planner_of(split, **settings)
        said = planner_of(split, steps_per_epoch=len(usual.epoch(0)), **settings)
        assert [plain(said.epoch(epoch)) for epoch in range(5)] == [plain(usual.epoch(epoch)) for epoch in range(5)]


def test_a_fixed_number_of_steps_is_shared_as_the_sampling_says():
    split = split_of(large=np.arange(36), small=np.arange(4))
    shares = {
        sampling: planner_of(split, step="per_task", sampling=sampling, steps_per_epoch=40).steps_per_task
        for sampling in ("uniform", "proportional", "temperature")
    }

    assert shares == {
        "uniform": {"large": 20, "small": 20},
        "proportional": {"large": 36, "small": 4},
        "temperature": {"large": 30, "small": 10},
    }


@pytest.mark.parametrize(("steps", "settings"), [(1, {"sampling": "uniform"}), (4, {"sampling": "proportional"})])
def test_a_task_that_would_never_be_trained_is_told(steps, settings):
    split = split_of(a=np.arange(36), b=np.arange(4))

    with pytest.raises(UserError) as caught:
        planner_of(split, step="per_task", steps_per_epoch=steps, **settings)
    assert str(caught.value) == f"training.steps_per_epoch: of {steps} steps none would train task 'b'"


def test_a_task_without_sentences_is_not_missed():
    split = split_of(a=np.arange(36), none=[])
    planner = planner_of(split, step="per_task", sampling="temperature", steps_per_epoch=3)

    assert planner.steps_per_task == {"a": 3, "none": 0}


def test_a_small_task_is_seen_more_often_than_a_large_one_under_uniform_sampling():
    split = split_of(small=np.arange(4), large=np.arange(36))
    counts = Counter()
    for (task, _), count in reached(planner_of(split, step="per_task").epoch(0)).items():
        counts[task] += count

    assert counts["small"] == 5 * 4
    assert counts["large"] == 5 * 4


@pytest.mark.parametrize(("temperature", "expected"), [(1, (9, 1)), (2, (7.5, 2.5)), (1e9, (5, 5))])
def test_temperature_leads_from_proportional_to_uniform(temperature, expected):
    split = split_of(large=np.arange(36), small=np.arange(4))
    counts = steps_of(planner_of(split, step="per_task", sampling="temperature", temperature=temperature).epoch(0))

    # Shares are 36^(1/τ) : 4^(1/τ) of 10 steps; of remainders as large as each other, the first task gets its step.
    assert (counts["large"], counts["small"]) == (int(np.ceil(expected[0])), int(np.floor(expected[1])))


def test_the_lowest_temperature_leaves_the_largest_task_alone():
    split = split_of(large=np.arange(36), small=np.arange(4))
    planner = planner_of(split, step="per_task", sampling="temperature", temperature=1e-3)

    assert steps_of(planner.epoch(0)) == {"large": 10}
    assert reached(planner.epoch(0))["large", 0] in (1, 2)


@pytest.mark.parametrize("sampling", ["uniform", "proportional", "temperature"])
def test_a_task_without_sentences_gets_no_steps(sampling):
    split = split_of(a=np.arange(9), none=[], b=np.arange(9, 20))
    planner = planner_of(split, step="per_task", sampling=sampling)

    assert planner.steps_per_task["none"] == 0
    assert set(steps_of(planner.epoch(0))) == {"a", "b"}


@pytest.mark.parametrize("settings", [{"step": "joint"}, {"step": "per_task"}])
def test_a_plan_is_a_function_of_seed_and_epoch(settings):
    split = split_of(a=np.arange(30), b=np.arange(20, 40))
    planner, other = planner_of(split, 3, **settings), planner_of(split, 3, **settings)
    forwards = [plain(planner.epoch(epoch)) for epoch in range(4)]

    assert [plain(other.epoch(epoch)) for epoch in (3, 2, 1, 0)][::-1] == forwards
    assert len({repr(steps) for steps in forwards}) == 4
    assert [plain(planner_of(split, 4, **settings).epoch(epoch)) for epoch in range(4)] != forwards


def test_tasks_are_not_shuffled_alike():
    split = split_of(a=np.arange(SIZE), b=np.arange(SIZE))
    steps = planner_of(split, step="per_task").epoch(0)
    batches = {task: [step.sentences.tolist() for step in steps if step.tasks == (task,)] for task in "ab"}

    assert batches["a"] != batches["b"]


def test_tasks_come_in_random_order():
    split = split_of(a=np.arange(SIZE), b=np.arange(SIZE))
    planner = planner_of(split, step="per_task")
    orders = {tuple(step.tasks[0] for step in planner.epoch(epoch)) for epoch in range(5)}

    assert len(orders) == 5
    assert max(map(_changes, orders)) > 3


def _changes(order):
    return sum(one != other for one, other in itertools.pairwise(order))


@pytest.mark.parametrize(
    "settings",
    [
        {"step": "joint"},
        {"step": "joint", "steps_per_epoch": 7},
        {"step": "joint", "first_batch_size": 1, "batch_growth": 1.4},
        {"step": "joint", "batch_size": 32, "batch_tokens": 11},
        {"step": "per_task"},
        {"step": "per_task", "sampling": "proportional", "batch_size": 32, "batch_tokens": 11},
    ],
    ids=str,
)
def test_the_steps_of_all_epochs_are_known_beforehand(settings):
    split = split_of(a=list(range(20)), b=list(range(5, 18)))
    planner = planner_of(split, **settings)
    numbers = [len(planner.epoch(number)) for number in range(6)]

    assert [planner.num_steps(number) for number in range(6)] == numbers
    ends = TrainingSettings(epochs=6, learning_rate_schedule="linear")
    assert total_steps(planner, ends) == sum(numbers)
    assert total_steps(planner, TrainingSettings()) is None
