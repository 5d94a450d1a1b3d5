"""Each preset comes out equal to an independently written model of its architecture, gradients included."""

import pytest
import torch
from torch.nn import functional

from tests.models import reference_presets as reference
from tests.models.tiny_sluice import tiny_batch, tiny_labels, tiny_model

CASES = {
    "hard sharing": (3, {"sharing": "hard_sharing"}, reference.shared_stack),
    "hard sharing, concatenation": (
        2, {"sharing": "hard_sharing", "layer_connection": "concatenation"}, reference.shared_stack_side_by_side,
    ),
    "single task": (1, {"sharing": "single_task"}, reference.shared_stack),
    "hard sharing with all networks": (3, {"sharing": "constant_alpha"}, reference.equal_mean),
    "low supervision": (2, {"sharing": "low_supervision"}, reference.shared_stack_with_heads_at(3, 1)),
    "low supervision of three": (
        3, {"sharing": "low_supervision", "task_layers": {"task2": 2}}, reference.shared_stack_with_heads_at(3, 1, 2),
    ),
    "low supervision below the last layer": (
        2, {"sharing": "low_supervision", "task_layers": {"task0": 2}}, reference.shared_stack_with_heads_at(2, 1),
    ),
    "cross-stitch": (2, {"sharing": "cross_stitch"}, reference.cross_stitch),
    "cross-stitch of three, four subspaces": (3, {"sharing": "cross_stitch", "num_subspaces": 4},
                                              reference.cross_stitch),
    "cross-stitch, one subspace": (2, {"sharing": "cross_stitch", "num_subspaces": 1}, reference.cross_stitch),
    "cross-stitch, concatenation": (
        2, {"sharing": "cross_stitch", "layer_connection": "concatenation"}, reference.cross_stitch_side_by_side,
    ),
    "sluice of one subspace, last layer": (
        2, {"sharing": "sluice", "num_subspaces": 1, "layer_connection": "last"}, reference.cross_stitch,
    ),
    "group lasso": (2, {"sharing": "group_lasso", "group_lasso_weight": 0.3}, reference.separate_stacks),
    "block communication": (
        2, {"sharing": "block_communication", "group_lasso_weight": 0.3}, reference.exchange_below_the_top,
    ),
    "domain adaptation": (3, {"sharing": "domain_adaptation"}, reference.shared_and_private_spaces),
}  # fmt: skip


def sentences(batch):
    """Row number, word ids and the characters of each word, without padding."""
    for row, length in enumerate(batch["attention_mask"].sum(1).tolist()):
        words = [batch["char_ids"][form] for form in batch["char_index"][row, :length]]
        yield row, batch["input_ids"][row, :length], [word[word != 0] for word in words]


def expected_logits(model, batch, states_of_tasks):
    """For each sentence the logits of every task, (T, L)."""
    return {
        row: [
            reference.head(model, task, state)
            for task, state in enumerate(states_of_tasks(model, reference.inputs(model, input_ids, words)))
        ]
        for row, input_ids, words in sentences(batch)
    }


def expected_loss(model, logits, labels):
    total = 0.0
    for task, name in enumerate(model.config.task_names):
        terms = [
            functional.cross_entropy(of_tasks[task], labels[name][row, : len(of_tasks[task])], reduction="none")
            for row, of_tasks in logits.items()
        ]
        total = total + torch.cat(terms).mean()
    penalty = reference.group_lasso(model) if model.config.penalty_weight else 0.0
    return total + model.config.penalty_weight * penalty


@pytest.mark.parametrize(("tasks", "values", "states_of_tasks"), CASES.values(), ids=CASES)
def test_forward_and_gradients_equal_the_reference(tasks, values, states_of_tasks):
    model, batch = tiny_model(tasks, seed=5, **{"orthogonality_weight": 0.0, **values}), tiny_batch()
    labels, parameters = tiny_labels(model.config, batch), list(model.parameters())
    expected = expected_logits(model, batch, states_of_tasks)
    output = model(**batch, labels=labels)
    for row, of_tasks in expected.items():
        for name, value in zip(model.config.task_names, of_tasks, strict=True):
            torch.testing.assert_close(output.logits[name][row, : len(value)], value, rtol=0, atol=1e-10)
    loss = expected_loss(model, expected, labels)
    torch.testing.assert_close(output.loss, loss, rtol=0, atol=1e-10)
    ours = torch.autograd.grad(output.loss, parameters)
    theirs = torch.autograd.grad(loss, parameters, materialize_grads=True)
    for (name, _), one, other in zip(model.named_parameters(), ours, theirs, strict=True):
        assert one.any(), name
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("tasks", [2, 4])
def test_hard_sharing_of_equal_networks_is_hard_sharing_of_one(tasks):
    """The mean of equal networks is each of them, and their gradients add up to that of the one."""
    values = {"num_subspaces": 1, "layer_connection": "last"}
    one = tiny_model(tasks, seed=2, sharing="hard_sharing", **values)
    many = tiny_model(tasks, seed=2, sharing="constant_alpha", **values)
    many.heads.load_state_dict(one.heads.state_dict())
    many.sluice.words.load_state_dict(one.sluice.words.state_dict())
    with torch.no_grad():
        for ours, theirs in zip(many.sluice.layers.parameters(), one.sluice.layers.parameters(), strict=True):
            ours.copy_(theirs.expand_as(ours))
    batch = tiny_batch()
    labels = tiny_labels(one.config, batch)
    expected, output = one(**batch, labels=labels), many(**batch, labels=labels)
    for name, value in expected.logits.items():
        torch.testing.assert_close(output.logits[name], value, rtol=0, atol=1e-10)
    expected.loss.backward()
    output.loss.backward()
    for (name, ours), theirs in zip(many.named_parameters(), one.parameters(), strict=True):
        total = ours.grad.sum(0, keepdim=True) if ".layers." in name else ours.grad
        torch.testing.assert_close(total, theirs.grad, rtol=0, atol=1e-10)


def test_under_constant_alpha_all_tasks_read_the_same():
    model = tiny_model(3, sharing="constant_alpha", layer_connection="concatenation")
    first, *others = model.sluice(**tiny_batch()).last_hidden_state.unbind()
    for other in others:
        torch.testing.assert_close(other, first, rtol=0, atol=1e-12)


def test_domain_adaptation_can_be_one_shared_network_beside_a_private_one_per_domain():
    """Daumé's spaces as networks of their own: the private units of a domain, and one stack that all domains have."""
    model = tiny_model(2, seed=7, sharing="domain_adaptation", layer_connection="last", num_layers=2)
    private, shared = range(4), range(4, 8)
    with torch.no_grad():
        # Private weights of two layers and domains, then shared ones: the shared space is that of network 0.
        model.sluice.alpha_weights.free.copy_(torch.tensor([1, 1, 1, 1, 1, 0, 1, 0]))
        for layer in model.sluice.layers:
            by_gate = layer.weight_hh.view(2, 2, 4, 8, 8)
            by_gate[..., :4, 4:] = by_gate[..., 4:, :4] = 0
        # The shared space reads nothing private.
        model.sluice.layers[1].weight_ih.view(2, 2, 4, 8, 2, 8)[..., 4:, :, :4] = 0
    batch = tiny_batch((4,))
    [(_, input_ids, words)] = sentences(batch)
    x = reference.inputs(model, input_ids, words)
    lower, upper = model.sluice.layers
    columns = {"private": [0, 1, 2, 3, 8, 9, 10, 11], "shared": [4, 5, 6, 7, 12, 13, 14, 15]}
    below = reference.bilstm_of_units(lower, 0, shared, x)
    above = reference.bilstm_of_units(upper, 0, shared, below, columns["shared"])
    for domain, logits in enumerate(model(**batch).logits.values()):
        own = reference.bilstm_of_units(lower, domain, private, x)
        both = torch.cat((own, below), dim=1)
        own = reference.bilstm_of_units(upper, domain, private, both, columns["private"] + columns["shared"])
        expected = reference.head(model, domain, reference.joined(own, above))
        torch.testing.assert_close(logits[0], expected, rtol=0, atol=1e-10)
