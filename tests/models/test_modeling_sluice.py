import itertools

import numpy as np
import pytest
import torch

from tests.models import reference_sluice as reference
from tests.models.tiny_sluice import (
    connections_of,
    presets_of_tasks,
    randomise,
    tiny_batch,
    tiny_config,
    tiny_labels,
    tiny_model,
)

GRID = list(itertools.product((1, 2, 4), (1, 2, 4), (1, 3)))  # M, S, K


def outputs_at_words(model, batch, **kwargs):
    logits = model(**batch, **kwargs).logits
    words = batch["attention_mask"].bool()
    return {name: value[words] for name, value in logits.items()}


@pytest.mark.parametrize(("tasks", "subspaces", "layers"), GRID)
def test_forward_equals_the_equations(tasks, subspaces, layers):
    model = tiny_model(tasks, seed=3, num_subspaces=subspaces, num_layers=layers)
    batch = tiny_batch()
    logits = model(**batch).logits
    for row, length in enumerate(batch["attention_mask"].sum(1).tolist()):
        expected = reference.logits(
            model,
            batch["input_ids"][row].tolist(),
            batch["char_ids"].tolist(),
            batch["char_index"][row].tolist(),
            length,
        )
        for name, value in expected.items():
            np.testing.assert_allclose(logits[name][row, :length].detach(), value, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("tasks", "subspaces", "layers"), GRID)
def test_penalty_equals_the_equation(tasks, subspaces, layers):
    model = tiny_model(tasks, num_subspaces=subspaces, num_layers=layers)
    expected = reference.penalty(model)
    assert (expected > 0) == (subspaces > 1)
    np.testing.assert_allclose(model.sluice.penalty().item(), expected, rtol=1e-10, atol=1e-10)


def test_loss_is_weighted_sum_of_mean_losses_and_penalty():
    config = tiny_config(2, orthogonality_weight=0.3)
    config.tasks[1]["weight"] = 2.5
    model = tiny_model(2, tasks=config.tasks, orthogonality_weight=0.3)
    batch = tiny_batch()
    labels = tiny_labels(model.config, batch)
    output = model(**batch, labels=labels)
    expected = 0.3 * reference.penalty(model)
    for task in config.tasks:
        terms = [
            term
            for scores, gold in zip(output.logits[task["name"]].detach().numpy(), labels[task["name"]], strict=True)
            for term in reference.cross_entropy(scores, gold.tolist())
        ]
        assert output.losses[task["name"]].item() == pytest.approx(np.mean(terms), abs=1e-10)
        expected += task.get("weight", 1.0) * np.mean(terms)
    assert output.loss.item() == pytest.approx(expected, abs=1e-9)


def test_single_precision_follows_the_equations():
    model = tiny_model(2, dtype=torch.float32)
    batch = tiny_batch()
    double = outputs_at_words(tiny_model(2), batch)
    for name, value in outputs_at_words(model, batch).items():
        torch.testing.assert_close(value.double(), double[name], rtol=0, atol=1e-5)


def test_gradients_of_every_parameter():
    model = tiny_model(
        2, hidden_size=2, num_layers=2, head_hidden_size=2, word_embedding_size=2, char_embedding_size=2,
        char_hidden_size=1,
    )  # fmt: skip
    batch = tiny_batch((3, 1))
    labels = tiny_labels(model.config, batch)
    parameters = dict(model.named_parameters())

    def loss(*values):
        given = dict(zip(parameters, values, strict=True))
        return torch.func.functional_call(model, given, kwargs={**batch, "labels": labels}).loss

    torch.manual_seed(0)  # of the directions in which all entries are checked at once
    assert torch.autograd.gradcheck(loss, tuple(parameters.values()), eps=1e-6, atol=1e-6, fast_mode=True)


def test_identity_alpha_keeps_tasks_apart_to_the_bit():
    model = tiny_model(2, dtype=torch.float32, alpha_init=np.eye(4).tolist())
    model.sluice.alpha_weights.reset_parameters()
    batch = tiny_batch()
    before = outputs_at_words(model, batch)
    with torch.no_grad():
        for layer in model.sluice.layers:
            for stacked in (layer.weight_ih, layer.weight_hh, layer.bias):
                stacked[1] += 0.7
        for own in model.heads[1].parameters():
            own.add_(0.3)
    after = outputs_at_words(model, batch)
    assert torch.equal(before["task0"], after["task0"])
    assert not torch.equal(before["task1"], after["task1"])


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 0, 1)])
def test_permuting_the_tasks_permutes_the_results(order):
    model = tiny_model(3, num_layers=2)
    tasks = [model.config.tasks[i] for i in order]
    permuted = tiny_model(3, num_layers=2, tasks=tasks)
    subspaces, index = model.config.num_subspaces, torch.tensor(order)
    units = (index[:, None] * subspaces + torch.arange(subspaces)).flatten()
    with torch.no_grad():
        permuted.sluice.words.load_state_dict(model.sluice.words.state_dict())
        permuted.sluice.alpha_weights.free.copy_(model.alpha[:, units][:, :, units].flatten())
        permuted.sluice.beta_weights.free.copy_(model.beta[index].flatten())
        for ours, theirs in zip(permuted.sluice.layers, model.sluice.layers, strict=True):
            for name, parameter in ours.named_parameters():
                parameter.copy_(getattr(theirs, name)[index])
        for ours, position in zip(permuted.heads, order, strict=True):
            for name, parameter in ours.named_parameters():
                parameter.data = model.heads[position].get_parameter(name).data
    batch = tiny_batch()
    labels = tiny_labels(model.config, batch)
    expected, got = model(**batch, labels=labels), permuted(**batch, labels=labels)
    torch.testing.assert_close(got.loss, expected.loss, rtol=0, atol=1e-9)
    for name, value in expected.logits.items():
        torch.testing.assert_close(got.logits[name], value, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_and_company_change_nothing(dtype):
    model = tiny_model(2, dtype=dtype)
    batch = tiny_batch((5, 3, 1))
    together = model(**batch).logits
    for row, length in enumerate((5, 3, 1)):
        alone = {name: batch[name][row : row + 1, :length] for name in ("input_ids", "char_index", "attention_mask")}
        for name, value in model(**alone, char_ids=batch["char_ids"]).logits.items():
            torch.testing.assert_close(together[name][row : row + 1, :length], value, rtol=0, atol=1e-6)
    wider = {name: torch.nn.functional.pad(value, (0, 4)) for name, value in batch.items()}
    for name, value in model(**wider).logits.items():
        torch.testing.assert_close(value[:, :5], together[name], rtol=0, atol=1e-6)


def test_unlabelled_tokens_and_padding_leave_no_trace_in_gradients():
    model = tiny_model(2)
    batch = tiny_batch((4, 2))
    labels = tiny_labels(model.config, batch)
    labels["task0"][:] = -100
    model(**batch, labels=labels).loss.backward()
    assert all(not parameter.grad.any() for parameter in model.heads[0].parameters())
    assert all(parameter.grad.any() for parameter in model.heads[1].parameters())


def test_some_tasks_give_the_same_logits_as_all():
    model = tiny_model(3)
    batch = tiny_batch()
    everything = model(**batch).logits
    some = model(**batch, tasks=["task2", "task0"]).logits
    assert list(some) == ["task2", "task0"]
    for name, value in some.items():
        torch.testing.assert_close(value, everything[name], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(3))
def test_some_tasks_give_the_same_logits_as_all_whatever_is_shared(sharing, tasks):
    for connection in connections_of(sharing):
        model, batch = tiny_model(tasks, sharing=sharing, layer_connection=connection), tiny_batch()
        everything = model(**batch).logits
        for name, expected in everything.items():
            torch.testing.assert_close(model(**batch, tasks=[name]).logits[name], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("sharing", "tasks"), presets_of_tasks(1, 3))
def test_every_parameter_is_read_by_some_task(sharing, tasks):
    """One without a gradient is an error where processes train together."""
    for connection in connections_of(sharing):
        model, batch = tiny_model(tasks, sharing=sharing, layer_connection=connection), tiny_batch()
        model(**batch, labels=tiny_labels(model.config, batch)).loss.backward()
        assert [name for name, parameter in model.named_parameters() if parameter.grad is None] == []


def test_layers_that_no_task_reads_are_not_there():
    model = tiny_model(2, sharing="low_supervision", num_layers=4, task_layers={"task0": 2})
    assert len(model.sluice.layers) == 2
    assert model.alpha.shape == (4, 2, 2)
    assert model.beta.tolist() == [[0, 1, 0, 0], [1, 0, 0, 0]]


def test_num_items_divides_the_summed_loss():
    model = tiny_model(2, orthogonality_weight=0.0)
    batch = tiny_batch((4, 2))
    labels = tiny_labels(model.config, batch)
    mean = model(**batch, labels=labels).losses
    divided = model(**batch, labels=labels, num_items={"task0": 12, "task1": 3.0}).losses
    assert divided["task0"].item() == pytest.approx(mean["task0"].item() * 6 / 12)
    assert divided["task1"].item() == pytest.approx(mean["task1"].item() * 6 / 3)


def test_regression_beside_classification():
    tasks = [{"name": "pos", "labels": ["A", "B"]}, {"name": "length", "labels": [], "kind": "regression"}]
    model = tiny_model(2, tasks=tasks, orthogonality_weight=0.0)
    batch = tiny_batch((3, 2))
    values = torch.tensor([[0.5, -1.0, -100.0], [2.0, -100.0, -100.0]], dtype=torch.float64)
    output = model(**batch, labels={"length": values})
    predicted = output.logits["length"][..., 0]
    expected = sum((predicted[i, j] - values[i, j]) ** 2 for i, j in ((0, 0), (0, 1), (1, 0))) / 3
    torch.testing.assert_close(output.loss, expected)


def test_whole_numbers_are_values_of_a_regression():
    tasks = [{"name": "length", "labels": [], "kind": "regression"}]
    model, batch = tiny_model(1, tasks=tasks), tiny_batch((3, 2))
    whole = torch.tensor([[2, -1, -100], [0, 7, -100]])
    expected = model(**batch, labels={"length": whole.double()}).losses["length"]
    assert expected > 0
    assert torch.equal(model(**batch, labels={"length": whole}).losses["length"], expected)


def test_hard_sharing_is_one_network_read_by_all_heads():
    model = tiny_model(3, sharing="hard_sharing")
    assert {layer.num_networks for layer in model.sluice.layers} == {1}
    assert model.beta.tolist() == [[0, 0, 1]] * 3
    single = tiny_model(1, sharing="single_task")
    with torch.no_grad():
        single.sluice.load_state_dict(
            {k: v for k, v in model.sluice.state_dict().items() if not k.startswith("beta_weights")}, strict=False
        )
        single.heads[0].load_state_dict(model.heads[0].state_dict())
    batch = tiny_batch()
    torch.testing.assert_close(single(**batch).logits["task0"], model(**batch).logits["task0"], rtol=0, atol=0)


def test_equivalence_of_sluice_with_identity_alpha_and_last_beta_to_single_tasks():
    tasks = tiny_config(2).tasks
    sluice = tiny_model(2, alpha_init=np.eye(4).tolist(), beta_init=[0, 0, 1])
    sluice.sluice.alpha_weights.reset_parameters()
    sluice.sluice.beta_weights.reset_parameters()
    batch = tiny_batch()
    together = sluice(**batch).logits
    for index, task in enumerate(tasks):
        single = tiny_model(1, tasks=[task], sharing="single_task")
        with torch.no_grad():
            single.sluice.words.load_state_dict(sluice.sluice.words.state_dict())
            for ours, theirs in zip(single.sluice.layers, sluice.sluice.layers, strict=True):
                for name, parameter in ours.named_parameters():
                    parameter.copy_(getattr(theirs, name)[index : index + 1])
            single.heads[0].load_state_dict(sluice.heads[index].state_dict())
        torch.testing.assert_close(single(**batch).logits[task["name"]], together[task["name"]], rtol=0, atol=1e-12)


def test_noise_acts_in_training_only():
    model = tiny_model(1, noise=0.2)
    batch = tiny_batch()
    assert torch.equal(model(**batch).logits["task0"], model(**batch).logits["task0"])
    model.train()
    assert not torch.equal(model(**batch).logits["task0"], model(**batch).logits["task0"])


def test_left_padding_is_refused():
    batch = tiny_batch((3, 2))
    batch["attention_mask"] = batch["attention_mask"].flip(1)
    with pytest.raises(ValueError, match="padding should stand on the right"):
        tiny_model(1)(**batch)


def test_unknown_task_is_refused():
    with pytest.raises(ValueError, match="'ner' is none of this model's tasks: task0, task1"):
        tiny_model(2)(**tiny_batch(), tasks=["ner"])


def test_labels_of_an_unknown_task_are_refused():
    model, batch = tiny_model(2), tiny_batch()
    labels = tiny_labels(model.config, batch)
    labels["pos"] = labels.pop("task0")
    with pytest.raises(ValueError, match="'pos' is none of this model's tasks: task0, task1"):
        model(**batch, labels=labels)


def test_labels_of_tasks_that_are_not_asked_for_are_left_alone():
    model, batch = tiny_model(2), tiny_batch()
    output = model(**batch, labels=tiny_labels(model.config, batch), tasks=["task1"])
    assert list(output.losses) == list(output.logits) == ["task1"]


def test_word_vectors_fill_the_rows_found():
    model = tiny_model(1)
    before = model.sluice.words.embedding.weight.detach().clone()
    vectors, found = np.ones((17, 5), dtype=np.float32), np.arange(17) % 2 == 0
    model.sluice.set_word_vectors(vectors, found)
    after = model.sluice.words.embedding.weight.detach()
    assert (after[::2] == 1).all()
    assert torch.equal(after[1::2], before[1::2])
    with pytest.raises(ValueError, match="should have the embedding's shape"):
        model.sluice.set_word_vectors(vectors[:, :3], found)


def test_randomise_covers_every_parameter():
    model = randomise(tiny_model(2), 1)
    assert all(parameter.any() for parameter in model.parameters())
