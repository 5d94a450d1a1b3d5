from __future__ import annotations

import pytest
import torch

from hf_sluice.training.pruning.importance import IMPORTANCE, magnitude, trained_scores
from hf_sluice.training.pruning.prune import whole_mask
from tests.training.pruning.tiny_search import bench_of, outcome, recipe_of, searched
from tests.training.tiny_training import copy_of

SCORES = {"method": "scores", "epochs": 3}


@pytest.fixture
def bench():
    return bench_of(recipe_of(masks=SCORES))


def masked(bench):
    return {name: bench.model.sparse_sharing.get_parameter(name).detach().clone() for name in bench.shapes}


def test_a_magnitude_is_that_of_the_trained_weight(bench):
    start, mask = copy_of(bench.model), whole_mask(bench.shapes)
    bench.train(bench.model, "pos", 0)

    for name, found in magnitude(bench, start, "pos", mask, 0).items():
        assert torch.equal(found, masked(bench)[name].abs())
        assert not torch.equal(found, start[f"sparse_sharing.{name}"].abs())


def test_scores_are_trained_on_weights_that_are_put_back_and_stand_still(bench):
    start, mask = copy_of(bench.model), whole_mask(bench.shapes)
    bench.train(bench.model, "pos", 0)
    scores = trained_scores(bench, start, "pos", mask, 0)

    for name, weights in masked(bench).items():
        assert torch.equal(weights, start[f"sparse_sharing.{name}"])
        assert not torch.equal(scores[name], weights.abs())  # where they began
    assert not torch.equal(bench.model.heads[0].output.weight, start["heads.0.output.weight"])
    assert scores.keys() == mask.keys()


def test_scores_are_a_function_of_the_seed_and_of_nothing_before(bench):
    start, mask = copy_of(bench.model), whole_mask(bench.shapes)
    found = [trained_scores(bench, start, "pos", mask, seed) for seed in (0, 0, 1)]

    assert all(torch.equal(found[0][name], found[1][name]) for name in mask)
    assert not all(torch.equal(found[0][name], found[2][name]) for name in mask)


def test_what_is_masked_keeps_its_score(bench):
    start, mask = copy_of(bench.model), whole_mask(bench.shapes)
    mask["layers.0.weight_ih"].flatten()[::2] = False
    scores = trained_scores(bench, start, "pos", mask, 0)

    for name, of in mask.items():
        began = start[f"sparse_sharing.{name}"].abs()
        assert torch.equal(scores[name][~of], began[~of])


def test_trained_scores_find_other_masks_than_magnitudes(tmp_path):
    found = []
    for method in IMPORTANCE:
        searched(tmp_path / method, recipe_of(masks={**SCORES, "method": method}))
        found.append(outcome(tmp_path / method))
    by_magnitude, by_score = found

    assert by_magnitude["start"] == by_score["start"]
    for task in ("pos", "chunk"):
        assert by_magnitude[task][0] == by_score[task][0]  # the whole network, trained from the same start
        assert by_magnitude[f"rounds of {task}"] != by_score[f"rounds of {task}"]
