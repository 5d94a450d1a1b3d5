from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.training.affinity.probes import ProbePlanner
from hf_sluice.training.sampling import Step, make_planner
from hf_sluice.training.settings import TrainingSettings
from tests.training.tiny_training import SplitOfLengths

SPLIT = SplitOfLengths(np.arange(40) % 7 + 1, a=np.arange(22), b=np.arange(10, 40))
STEP = Step(("a",), np.array([1, 2, 3, 4]))


def settings_of(step):
    return TrainingSettings(step=step, batch_size=4, bucket_size=3)


def planner_of(step="per_task", seed=0):
    return ProbePlanner(SPLIT, ["a", "b"], settings_of(step), seed)


def plain(probes):
    return [(probe.tasks, probe.sentences.tolist()) for probe in probes]


def test_a_joint_step_is_measured_on_its_own_batch():
    assert planner_of("joint").probes(STEP, 3) == [STEP]


def test_each_task_of_per_task_steps_has_a_batch_of_its_own():
    probes = planner_of().probes(STEP, 0)

    assert [probe.tasks for probe in probes] == [("a",), ("b",)]
    for probe in probes:
        assert set(probe.sentences.tolist()) <= set(SPLIT.labelled_sentences(probe.tasks[0]).tolist())
        assert 0 < len(probe.sentences) <= 4


@pytest.mark.parametrize("number", [0, 1])
def test_measurements_reach_all_sentences_of_a_task(number):
    probes = [planner_of().probes(STEP, 6 * number + n)[0].sentences for n in range(6)]

    assert sorted(np.concatenate(probes)) == list(range(22))


def test_batches_are_a_function_of_seed_and_measurement():
    planner = planner_of(seed=3)

    assert plain(planner.probes(STEP, 5)) == plain(planner_of(seed=3).probes(STEP, 5))
    assert plain(planner.probes(STEP, 5)) != plain(planner.probes(STEP, 6))
    assert plain(planner.probes(STEP, 5)) != plain(planner_of(seed=4).probes(STEP, 5))


def test_batches_are_others_than_those_trained_on():
    trained = make_planner(SPLIT, ["a", "b"], settings_of("per_task"), 0)
    of_a = [step.sentences.tolist() for step in trained.epoch(0) if step.tasks == ("a",)]

    assert of_a != [planner_of().probes(STEP, number)[0].sentences.tolist() for number in range(len(of_a))]
