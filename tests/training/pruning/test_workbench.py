from __future__ import annotations

import math

import pytest
import torch

from hf_sluice.data.assemble import assemble
from hf_sluice.errors import UserError
from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.tasks import Task
from hf_sluice.training.pruning.prune import prune, whole_mask
from hf_sluice.training.pruning.search_recipe import search_recipe
from hf_sluice.training.pruning.workbench import Workbench, development_score, seed_of
from hf_sluice.training.scoring import score_split
from tests.training.pruning.tiny_search import bench_of, recipe_of
from tests.training.tiny_training import assert_equal_parameters, copy_of, sentence

ACCURACY, ERROR = Task("pos", ("A", "B")), Task("length", kind="regression", metric="mean_squared_error")


@pytest.fixture
def bench():
    return bench_of(recipe_of())


def half(bench, seed=0):
    generator = torch.Generator().manual_seed(seed)
    importance = {name: torch.rand(shape, generator=generator) for name, shape in bench.shapes.items()}
    return prune(whole_mask(bench.shapes), importance, 0.5, "global")


def test_rewinding_puts_back_all_weights_under_other_masks(bench):
    start = copy_of(bench.model)
    first, second = half(bench), half(bench, 1)
    bench.rewind(start, {"pos": first})
    bench.train(bench.model, "pos", 0)
    bench.train(bench.model, "chunk", 0)
    bench.rewind(start, {"chunk": second})

    found = bench.model.state_dict()
    assert all(torch.equal(found[name], value) for name, value in start.items() if "task_masks" not in name)
    assert all(bool(of.all()) for of in bench.model.masks["pos"].values())
    assert all(torch.equal(of, second[name]) for name, of in bench.model.masks["chunk"].items())


def test_a_round_trains_the_subnet_the_embedding_and_its_own_head_and_nothing_else(bench):
    start, mask = copy_of(bench.model), half(bench)
    bench.rewind(start, {"pos": mask})
    bench.train(bench.model, "pos", 0)

    changed = {name: value != start[name] for name, value in bench.model.state_dict().items()}
    for name, of in mask.items():
        moved = changed[f"sparse_sharing.{name}"]
        assert not moved[~of].any()
        assert moved[of].float().mean() > 0.5
    assert changed["sparse_sharing.words.embedding.weight"].any()
    assert changed["heads.0.output.weight"].any()
    assert not any(bool(moved.any()) for name, moved in changed.items() if name.startswith("heads.1."))


def test_a_round_is_a_function_of_its_seed(bench):
    start, weights, losses = copy_of(bench.model), [], []
    for seed in (3, 3, 4):
        bench.rewind(start, {})
        losses.append(bench.train(bench.model, "pos", seed))
        weights.append(copy_of(bench.model)["heads.0.output.weight"])

    assert losses[0] == losses[1] != losses[2]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_a_round_is_the_same_whether_the_final_training_takes_its_tasks_together_or_not():
    weights = []
    for step in ("joint", "per_task"):
        bench = bench_of(recipe_of(training={"step": step}))
        bench.train(bench.model, "chunk", 3)
        weights.append(copy_of(bench.model))

    assert_equal_parameters(*weights)


@pytest.mark.parametrize("task", ["pos", "chunk"])
def test_a_score_is_that_of_the_development_sentences(bench, task):
    bench.train(bench.model, task, 0)
    described = bench.tasks[task]
    rows = score_split(bench.model, bench.split("validation"), [described]).compute()

    assert bench.score(task) == (main_score(rows, described).value,) * 2


def test_the_masks_are_those_that_the_model_can_have(bench):
    assert bench.shapes == {name: tuple(of.shape) for name, of in bench.model.masks["pos"].items()}


@pytest.mark.parametrize(
    ("task", "value", "score"),
    [
        (ACCURACY, 0.7, 0.7), (ACCURACY, None, 0.0), (ERROR, 0.7, -0.7), (ERROR, None, 0.0),
        (ERROR, math.nan, -math.inf),
    ],
)  # fmt: skip
def test_a_development_score_is_larger_where_it_is_better(task, value, score):
    assert development_score(task, value) == score


def test_every_round_of_every_task_has_a_seed_of_its_own():
    seeds = {
        seed_of(seed, task, number) for seed in range(3) for task in ("pos", "pos2", "ner") for number in range(30)
    }

    assert len(seeds) == 3 * 3 * 30
    assert seed_of(1, "pos", 2) == seed_of(1, "pos", 2)


@pytest.mark.parametrize("split", ["train", "validation"])
def test_a_task_without_labels_is_refused(split):
    labelled = sentence("a b", pos=["A", "B"], ner=["X", "Y"])
    splits = {key: [labelled] for key in ("train", "validation", "test")}
    splits[split] = [sentence("a b", pos=["A", "B"])]
    corpus = assemble(splits, (Task("pos", ("A", "B")), Task("ner", ("X", "Y"))))
    bench = Workbench(search_recipe(recipe_of(tasks=["pos", "ner"])), corpus)

    with pytest.raises(UserError, match=rf"^split '{split}': no sentence has a label of task 'ner'"):
        bench.check_labels()
