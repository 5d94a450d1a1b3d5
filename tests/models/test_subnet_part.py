import itertools

import pytest
import torch

from hf_sluice.models.extraction import extract_tasks
from hf_sluice.models.mask_measures import counted_parameters, num_kept
from tests.models.tiny_sluice import tiny_batch
from tests.models.tiny_sparse_sharing import tiny_sparse_model


@pytest.mark.parametrize("characters", ["cnn", "bilstm", "none"])
def test_masks_stay_and_what_none_of_them_keeps_is_zero(characters):
    model = tiny_sparse_model(3, char_encoder=characters)
    for tasks in (["task0"], ["task2", "task0"]):
        part = extract_tasks(model, tasks)
        assert list(part.masks) == tasks
        weights, before = dict(part.base.named_parameters()), dict(model.base.named_parameters())
        for name in model.config.masked_parameters:
            union = torch.stack([model.masks[task][name] for task in tasks]).any(0)
            assert torch.equal(weights[name], before[name] * union)
            assert all(torch.equal(part.masks[task][name], model.masks[task][name]) for task in tasks)
        assert counted_parameters(part) < counted_parameters(model)


def test_layers_that_the_tasks_do_not_run_through_are_gone():
    model = tiny_sparse_model(3, num_layers=3, depths={"task0": 1, "task1": 2})
    depths = {task: extract_tasks(model, [task]).config.num_layers for task in model.config.task_names}
    assert depths == {"task0": 1, "task1": 2, "task2": 3}
    part = extract_tasks(model, ["task0", "task1"])
    assert len(part.base.layers) == part.config.num_layers == 2
    assert [num_kept(part.masks[task]) for task in ("task0", "task1")] == [
        num_kept(model.masks[task]) for task in ("task0", "task1")
    ]
    assert all(not name.startswith("layers.2") for name in part.config.masked_parameters)


def test_a_task_below_all_that_is_masked_keeps_what_it_runs_through():
    names = ["layers.1.weight_ih", "layers.1.weight_hh"]
    model = tiny_sparse_model(2, depths={"task0": 1}, masked_parameters=names)
    part = extract_tasks(model, ["task0"])
    assert part.config.num_layers == 1
    assert all(bool(mask.all()) for mask in part.masks["task0"].values())
    batch = tiny_batch()
    assert torch.equal(part(**batch).logits["task0"], model(**batch, tasks=["task0"]).logits["task0"])


def test_any_choice_of_masked_parameters_comes_along():
    every = tiny_sparse_model(2).config.masked_parameters
    for chosen in itertools.combinations(every, 2):
        model = tiny_sparse_model(2, masked_parameters=list(chosen))
        part = extract_tasks(model, ["task1"])
        assert part.config.masked_parameters == list(chosen)
        batch = tiny_batch()
        assert torch.equal(part(**batch).logits["task1"], model(**batch, tasks=["task1"]).logits["task1"])
