import numpy as np
import pytest
import torch

from hf_sluice.models.extraction import extract_tasks
from tests.models.tiny_sluice import presets_of_tasks, tiny_batch, tiny_model


def networks_of_layers(model):
    return [layer.num_networks for layer in model.sluice.layers]


def values_of(alpha, layer, targets, sources, subspaces=2):
    rows, columns = ([n * subspaces + s for n in networks for s in range(subspaces)] for networks in (targets, sources))
    return alpha[layer][rows][:, columns]


@pytest.mark.parametrize(
    ("sharing", "tasks", "kept"),
    [
        ("sluice", ["task1"], [3, 3, 3]),
        ("cross_stitch", ["task1"], [3, 3, 3]),
        ("domain_adaptation", ["task1"], [3, 3, 3]),
        ("constant_alpha", ["task1"], [3, 3, 3]),
        ("hard_sharing", ["task1"], [1, 1, 1]),
        ("group_lasso", ["task1"], [1, 1, 1]),
        ("group_lasso", ["task2", "task0"], [2, 2, 2]),
        ("block_communication", ["task1"], [3, 3, 1]),
        ("block_communication", ["task0", "task2"], [3, 3, 2]),
        ("low_supervision", ["task0"], [1, 1, 1]),
        ("low_supervision", ["task2", "task1"], [1]),
    ],
)
def test_what_the_tasks_depend_on_is_left(sharing, tasks, kept):
    part = extract_tasks(tiny_model(3, sharing=sharing), tasks)
    assert networks_of_layers(part) == kept
    assert part.config.num_layers == len(kept)


@pytest.mark.parametrize(("sharing", "number"), presets_of_tasks(2, 3))
def test_alpha_and_beta_are_those_of_the_networks_that_are_left(sharing, number):
    model = tiny_model(number, dtype=torch.float32, sharing=sharing)
    part = extract_tasks(model, ["task1"])
    networks = [1] if sharing == "group_lasso" else range(model.config.num_networks)
    for layer in range(part.config.num_layers):
        assert torch.equal(part.alpha[layer], values_of(model.alpha, layer, networks, networks))
    assert torch.equal(part.beta, model.beta[1:2, : part.config.num_layers])
    assert part.config.task_networks == {"task1": 2 if len(networks) > 1 else 1}
    assert sum(parameter.numel() for name, parameter in part.named_parameters() if "alpha" in name) == 0


def test_a_learned_weight_of_zero_leads_nowhere():
    model = tiny_model(3, dtype=torch.float32)
    with torch.no_grad():
        alpha = model.alpha.clone()
        alpha[:, 2:4, 4:] = alpha[:, :2, 4:] = 0  # the first two networks draw nothing from the third
        model.sluice.alpha_weights.free.copy_(alpha.flatten())
        model.sluice.beta_weights.free.view(3, 3)[1, 2] = 0
    part = extract_tasks(model, ["task1"])
    assert networks_of_layers(part) == [2, 2]
    batch = tiny_batch()
    torch.testing.assert_close(part(**batch).logits["task1"], model(**batch).logits["task1"], rtol=0, atol=1e-6)


def test_a_network_that_nobody_runs_at_a_layer_may_still_be_fed():
    """Task 0's network is computed at no layer but the last, where it draws from itself and from what it was given."""
    alpha = np.zeros((2, 2, 2))
    alpha[0] = [[0, 1], [0, 1]]
    alpha[1] = [[1, 0], [0, 1]]
    model = tiny_model(2, sharing="fixed", alpha_init=alpha.tolist(), beta_init=[0, 1], num_subspaces=1, num_layers=2)
    assert networks_of_layers(model) == [1, 2]
    part = extract_tasks(model, ["task0"])
    assert networks_of_layers(part) == [1, 1]
    batch = tiny_batch()
    assert torch.equal(part(**batch).logits["task0"], model(**batch, tasks=["task0"]).logits["task0"])


def test_a_task_that_reads_no_layer_is_refused():
    model = tiny_model(2)
    with torch.no_grad():
        model.sluice.beta_weights.free.zero_()
    with pytest.raises(ValueError, match=r"^task 'task1' reads no layer: its β is 0 throughout$"):
        extract_tasks(model, ["task1"])
