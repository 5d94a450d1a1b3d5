from __future__ import annotations

import numpy as np
import pytest

from hf_sluice.training.pruning.workbench import seed_of
from tests.training.pruning.reference_pruning import ReferenceSearch
from tests.training.pruning.tiny_search import corpus_of, recipe_of, searched

ROUNDS = 5


@pytest.mark.parametrize("warmup_epochs", [0, 2])
@pytest.mark.parametrize("scope", ["global", "layer"])
def test_a_search_is_algorithm_1_mask_for_mask(tmp_path, scope, warmup_epochs):
    masks = {
        "scope": scope, "pruning_rate": 0.2, "final_sparsity": 0.8**ROUNDS, "epochs": 2, "warmup_epochs": warmup_epochs,
    }  # fmt: skip
    recipe = recipe_of(masks=masks, model={"dropout": 0.0}, seed=3)
    records = searched(tmp_path, recipe)
    for task in recipe.task_names:
        reference = ReferenceSearch(recipe, corpus_of(recipe))
        reference.warm_up()
        expected, accuracies = reference.search(task, ROUNDS, lambda number, task=task: seed_of(3, task, number))
        for number, of_round in enumerate(expected):
            found = records[task].mask(number)
            assert found.keys() == of_round.keys()
            for name, mask in of_round.items():
                assert np.array_equal(found[name].numpy(), mask), (task, number, name)
        if task == "pos":
            assert [one.value for one in records[task].candidates[: ROUNDS + 1]] == pytest.approx(accuracies)
